package org.eegvlm.dl4j;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.MemoryNeed;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.StageLearner;
import org.eegvlm.vision.engine.VisionEngine;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j on the processor: trains and runs ResNet-18 and ConvNeXt. */
public final class Dl4jEngine implements VisionEngine {

    /** ND4J's; this and the two below fitted to ResNet-18 and ConvNeXt-Tiny of 64 to 224 pixels, 2 to 48 at once. */
    private static final long PROGRAM = 40L << 20;

    /** By training: the weights, their gradients, and what is made of both. */
    private static final int KEPT_OF_A_WEIGHT = 3;

    /** Arrays that wait for Java to collect them, and workspaces as they grow, of the layer that makes the most. */
    private static final int LEFT_BY_TRAINING = 48;

    @Override
    public String name() {
        return "dl4j";
    }

    @Override
    public StageEncoder open(Path folder, NetworkConfig network, String device) throws IOException {
        requireProcessor(device);
        var opened = StageGraph.of(network);
        try {
            opened.restore(SafetensorsFile.open(folder.resolve(WEIGHTS)), "");
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public NetworkConfig network(String backbone, int inputSize) {
        GraphBackbone.named(backbone);
        return VisionEngine.named(DEFAULT).network(backbone, inputSize);
    }

    @Override
    public StageLearner learner(NetworkConfig network, LearnerConfig config) {
        requireProcessor(config.device());
        return new GraphLearner(StageGraph.fresh(network, config.seed()), config);
    }

    /** What the layers make of the pictures waits to be collected until they are through. */
    @Override
    public MemoryNeed encodingNeed(Path folder, NetworkConfig network) {
        var size = GraphSize.of(network);
        return need(size.weights(), size.kept());
    }

    @Override
    public MemoryNeed trainingNeed(NetworkConfig network) {
        var size = GraphSize.of(network);
        return need(KEPT_OF_A_WEIGHT * size.weights(), size.kept() + LEFT_BY_TRAINING * size.widest());
    }

    private static MemoryNeed need(long fixed, long picture) {
        return new MemoryNeed(PROGRAM + Float.BYTES * fixed, Float.BYTES * picture);
    }

    @Override
    public boolean normsOverPictures(NetworkConfig network) {
        var plan = new GraphPlan();
        StageGraph.layers(plan, network);
        return plan.normsOverPictures();
    }

    @Override
    public void useThreads(int threads) {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
    }

    private static void requireProcessor(String device) {
        require(device.equals("cpu"), "the engine 'dl4j' computes on 'cpu' alone, was '%s'".formatted(device));
    }
}
