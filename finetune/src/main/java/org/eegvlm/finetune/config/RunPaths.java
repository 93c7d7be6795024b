package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run finds and leaves things.
 *
 * @param model folder of the base; never written to
 * @param samples what is learnt from; a {@code render.json} beside its data goes into the model card
 * @param output the adapter's folder; it may be replaced, so it holds no input
 */
public record RunPaths(Path model, SampleFiles samples, Path output) {

    public RunPaths {
        Stream.concat(Stream.of(model), samples.paths())
                .forEach(input ->
                        require(!isIn(output, input), "the output %s holds the input %s".formatted(output, input)));
        require(!isIn(model, output), "the output %s lies in the model's folder %s".formatted(output, model));
    }

    public RunPaths(Path model, Path data, Path images, Optional<Path> features, Path output) {
        this(model, new SampleFiles(data, images, features), output);
    }

    private static boolean isIn(Path folder, Path path) {
        return path.toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize());
    }
}
