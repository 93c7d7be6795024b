package org.eegvlm.vision.djl;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.LearnerConfig;
import org.eegvlm.vision.NetworkConfig;
import org.eegvlm.vision.StageEncoder;
import org.eegvlm.vision.StageLearner;
import org.eegvlm.vision.VisionEngine;

/** DJL with PyTorch: trains every {@link Backbone}. */
public final class DjlEngine implements VisionEngine {

    @Override
    public String name() {
        return DEFAULT;
    }

    @Override
    public StageEncoder open(Path folder, NetworkConfig network, String device) throws IOException {
        return StageNetwork.of(network, SafetensorsFile.open(folder.resolve(WEIGHTS)), device);
    }

    @Override
    public NetworkConfig network(String backbone, int inputSize) {
        return Backbone.named(backbone).network(inputSize);
    }

    @Override
    public StageLearner learner(NetworkConfig network, LearnerConfig config) {
        return new StageTrainer(
                StageNetwork.fresh(network, config.seed(), config.device()), config.weightDecay(), config.averaging());
    }
}
