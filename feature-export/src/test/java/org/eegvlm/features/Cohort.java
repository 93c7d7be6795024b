package org.eegvlm.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionCard;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.VisionEngine;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;

/** Four simulated nights in small pictures: two to train, one to validate, one to evaluate. */
record Cohort(Path folder) {

    static final int EPOCHS_PER_NIGHT = 30;

    static final RenderSpec SPEC = RenderSpec.DEFAULT.withCanvas(new RenderSpec.Canvas(64, 64));

    static Cohort simulatedIn(Path folder) throws IOException {
        var nights = new Simulation(
                        new SimulationConfig(folder.resolve("raw"), 4, EPOCHS_PER_NIGHT, 3), Progress.SILENT)
                .run();
        new EpochRendering(new RenderConfig(nights, folder, SPEC, new SubjectSplit(1, 1, 3), false), Progress.SILENT)
                .run();
        return new Cohort(folder);
    }

    Path manifestFile() {
        return folder.resolve("epochs.jsonl");
    }

    EpochManifest manifest() throws IOException {
        return EpochManifest.read(manifestFile());
    }

    List<String> subjects(Split split) throws IOException {
        return manifest().subjects(split);
    }

    /** A vision module in the right files that has learnt nothing, but says whom it has seen. */
    Path visionModel(String name, List<String> seen, String renderSpec) throws IOException {
        var model = Files.createDirectories(folder.resolve(name));
        var picture = Picture.DEFAULT.withSize(32);
        var engine = VisionEngine.named(VisionEngine.DEFAULT);
        var network = SmallResNet.of(picture.size());
        try (var learner = engine.learner(network, LearnerConfig.of(1))) {
            SafetensorsWriter.write(model.resolve("model.safetensors"), learner.weights(), Map.of("format", "pt"));
        }
        var card = new VisionCard(
                network,
                picture,
                Schedule.DEFAULT,
                1,
                SPEC,
                renderSpec,
                Sha256.of(manifestFile()),
                seen,
                List.of(),
                true,
                Optional.empty(),
                Optional.empty());
        Json.write(model.resolve("config.json"), card);
        return model;
    }
}
