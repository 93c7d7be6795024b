package org.eegvlm.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionConfig;
import org.eegvlm.vision.VisionTraining;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;

/** A vision module and a language model, real but as small as they can be. What they say means nothing. */
record TinyModels(Path vision, Path language) {

    static final int FEATURES = 1024;

    static TinyModels make(Path folder) throws IOException {
        var models = new TinyModels(folder.resolve("vision"), folder.resolve("tiny-llava"));
        var nights = new Simulation(new SimulationConfig(folder.resolve("raw"), 2, 20, 1), Progress.SILENT).run();
        var split = new SubjectSplit(0, 1, 1);
        new EpochRendering(new RenderConfig(nights, folder, RenderSpec.DEFAULT, split, false), Progress.SILENT).run();
        models.trainVision(folder.resolve("epochs.jsonl"));
        models.makeLanguage();
        return models;
    }

    private void trainVision(Path manifest) throws IOException {
        var config = VisionConfig.of(manifest, vision)
                .withPicture(Picture.DEFAULT.withSize(32))
                .withSchedule(Schedule.DEFAULT.withPasses(1).withBatch(10));
        new VisionTraining(config, Progress.SILENT).run();
    }

    private void makeLanguage() throws IOException {
        var decoder = new NanoConfig.Decoder(32, 1, 2, 64, 512);
        var tower = new NanoConfig.Tower(FEATURES, 2, 16, 64, 28, 14);
        NanoLlava.create(new NanoConfig(language, 1, decoder, tower, false));
        card().write(language);
    }

    private ModelCard card() throws IOException {
        var scale = new float[FEATURES];
        Arrays.fill(scale, 1);
        return new ModelCard(
                Optional.empty(),
                "v1",
                "Which sleep stage is this?",
                "fuse",
                Optional.of(FeatureExtractor.encoderSha256(vision)),
                FeatureExtractor.card(vision).seenSubjects(),
                List.of("SIM401"),
                Optional.of(new Standardization(new float[FEATURES], scale)),
                true);
    }
}
