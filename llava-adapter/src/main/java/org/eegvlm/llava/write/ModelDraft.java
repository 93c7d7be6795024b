package org.eegvlm.llava.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.checkpoint.CheckpointWriter;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Output;

/**
 * A model folder that is planned and not yet written: weights, in the folder itself or one inside it, and the files
 * beside them. It appears whole or not at all, and never over what it is made from.
 */
final class ModelDraft {

    /** For tokenizer and configuration; generously. */
    private static final long BESIDE_WEIGHTS = 64 << 20;

    private final Map<String, CheckpointWriter> weights = new LinkedHashMap<>();
    private final List<Beside> files = new ArrayList<>();

    /** Something that lies beside the weights. */
    @FunctionalInterface
    interface Beside {
        void writeTo(Path folder) throws IOException;
    }

    /** @param folder inside the model's; empty for the model's own */
    void add(String folder, CheckpointWriter writer) {
        weights.put(folder, writer);
    }

    void add(Beside file) {
        files.add(file);
    }

    private long bytes() {
        return weights.values().stream().mapToLong(CheckpointWriter::bytes).sum();
    }

    /**
     * Writes it. What a killed run left is thrown away: weights are sooner copied than compared.
     *
     * @param inputs which the target may neither be nor hold; the first is the model, whose card goes along
     * @return how many bytes the weights take
     * @throws org.eegvlm.core.io.OutputExistsException if the target is there and may not be replaced
     * @throws IllegalArgumentException if the target would replace an input, or its disk is too full
     */
    long write(Path target, boolean overwrite, long shardSize, List<Path> inputs, Progress progress)
            throws IOException {
        var card = ModelCard.in(inputs.get(0));
        requireApart(target, inputs);
        requireSpace(target, bytes(), Files.getFileStore(existing(target)).getUsableSpace());
        var output = Output.begin(target, overwrite);
        Output.deleteTree(output.partial());
        for (var part : weights.entrySet()) {
            var folder = Files.createDirectories(output.partial().resolve(part.getKey()));
            part.getValue().write(folder, shardSize, progress);
        }
        for (var file : files) {
            file.writeTo(output.partial());
        }
        if (card.isPresent()) {
            card.get().write(output.partial());
        }
        output.finish();
        return bytes();
    }

    static void requireSpace(Path target, long bytes, long free) {
        if (bytes + BESIDE_WEIGHTS > free) {
            throw new IllegalArgumentException("%s needs %.2f GB, its disk has %.2f GB left"
                    .formatted(target, (bytes + BESIDE_WEIGHTS) / 1e9, free / 1e9));
        }
    }

    private static void requireApart(Path target, List<Path> inputs) throws IOException {
        var above = existing(target);
        var rest = above.relativize(target.toAbsolutePath().normalize());
        var real = above.toRealPath().resolve(rest).normalize();
        for (var input : inputs) {
            if (input.toRealPath().startsWith(real)) {
                throw new IllegalArgumentException(
                        "the output %s would replace %s, from which it is made; give another".formatted(target, input));
            }
        }
    }

    /** The path itself or the nearest folder above it that there is. */
    private static Path existing(Path path) {
        var absolute = path.toAbsolutePath().normalize();
        while (!Files.exists(absolute) && absolute.getParent() != null) {
            absolute = absolute.getParent();
        }
        return absolute;
    }
}
