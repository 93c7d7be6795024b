package org.eegvlm.vision.explain;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.render.EpochImages;

/** Draws, for some epochs, which seconds the encoder decided by: {@code ID.svg} each, the numbers in one JSONL file. */
public final class ExplainRun {

    private static final String NUMBERS = "explanations.jsonl";

    private final ExplainConfig config;
    private final Progress progress;

    public ExplainRun(ExplainConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /** A line of the numbers. */
    private record Line(String id, Optional<SleepStage> label, Explanation explanation) {}

    /**
     * @return how many epochs were explained
     * @throws org.eegvlm.core.io.OutputExistsException if the finished folder is there and may not be replaced
     * @throws IllegalArgumentException if an epoch is not in the manifest, or was drawn otherwise than the encoder knows
     * @throws org.eegvlm.core.MalformedDataException if a picture is not the one that the manifest names
     */
    public int run() throws IOException {
        var epochs = chosen(EpochManifest.read(config.manifest()));
        try (var images = EpochImages.beside(config.manifest());
                var extractor = FeatureExtractor.open(
                        config.visionModel(),
                        Execution.DEFAULT.withEngine(config.engine()).withDevice(config.device()))) {
            for (var epoch : epochs) {
                require(
                        epoch.renderSpec().equals(extractor.config().renderSpecSha256()),
                        "epoch %s was drawn otherwise than the pictures that %s knows",
                        epoch.id(),
                        config.visionModel());
            }
            var occlusion = new Occlusion(extractor);
            for (var epoch : epochs) {
                images.of(List.of(epoch)); // all of them are proven good before an older output makes room
            }
            var output = Output.begin(config.output(), config.overwrite());
            Output.deleteTree(output.partial());
            Files.createDirectories(output.partial());
            var lines = new ArrayList<Line>();
            for (var epoch : epochs) {
                var image = images.of(List.of(epoch)).get(0);
                var explanation = occlusion.explain(image);
                var drawing = new Overlay(epoch, image, extractor.config().renderSpec(), explanation).svg();
                Files.writeString(
                        Inside.resolve(output.partial(), epoch.id() + ".svg"), drawing, StandardCharsets.UTF_8);
                lines.add(new Line(epoch.id(), epoch.stage(), explanation));
                progress.at("explaining", lines.size(), epochs.size(), "");
            }
            Json.writeLines(output.partial().resolve(NUMBERS), lines);
            output.finish();
        }
        return epochs.size();
    }

    private List<EpochRecord> chosen(EpochManifest manifest) {
        if (config.epochs().isEmpty()) {
            return someOfEachStage(manifest);
        }
        var byId = new HashMap<String, EpochRecord>();
        manifest.records().forEach(epoch -> byId.put(epoch.id(), epoch));
        return config.epochs().stream()
                .map(id -> Optional.ofNullable(byId.get(id))
                        .orElseThrow(() ->
                                new IllegalArgumentException("%s has no epoch %s".formatted(config.manifest(), id))))
                .toList();
    }

    /** Evenly spread over the night or nights; people the encoder has not learnt from, where there are any. */
    private List<EpochRecord> someOfEachStage(EpochManifest manifest) {
        var asked = manifest.split(Split.EVAL);
        var pool = asked.isEmpty() ? manifest.records() : asked;
        var chosen = new ArrayList<EpochRecord>();
        for (var stage : SleepStage.values()) {
            var own = pool.stream()
                    .filter(epoch -> epoch.stage().equals(Optional.of(stage)))
                    .toList();
            int count = Math.min(config.perStage(), own.size());
            for (int i = 0; i < count; i++) {
                chosen.add(own.get((2 * i + 1) * own.size() / (2 * count)));
            }
        }
        require(!chosen.isEmpty(), "%s has no scored epoch; name epochs to explain", config.manifest());
        return chosen;
    }
}
