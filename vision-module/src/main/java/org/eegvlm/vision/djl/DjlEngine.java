package org.eegvlm.vision.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.kernels.TorchThreads;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.MemoryNeed;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.StageLearner;
import org.eegvlm.vision.engine.VisionEngine;

/** DJL with PyTorch: trains every {@link Backbone}. */
public final class DjlEngine implements VisionEngine {

    /**
     * libtorch's first kernels and oneDNN's, and what glibc's heap keeps; measured with ResNet-18, ConvNeXt-Tiny and ViT-S
     * of 112 and 224 pixels, 4 to 32 at once. Of 32 large pictures ResNet-18 takes two thirds of what is foretold to encode,
     * and Vision Mamba less than half.
     */
    private static final long ENCODES = 80L << 20;

    private static final long TRAINS = 150L << 20;

    /** Weights, two moments, a moving average, and the gradients of a part and of those before it. */
    private static final int KEPT_OF_A_WEIGHT = 6;

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
        return new StageTrainer(StageNetwork.fresh(network, config.seed(), config.device()), config);
    }

    @Override
    public MemoryNeed encodingNeed(Path folder, NetworkConfig network) throws IOException {
        return need(
                network,
                ENCODES + Files.size(folder.resolve(WEIGHTS)),
                activations(network).widest());
    }

    @Override
    public MemoryNeed trainingNeed(NetworkConfig network) {
        var made = activations(network);
        long weights = Float.BYTES * StageNetwork.weights(network);
        return need(network, TRAINS + KEPT_OF_A_WEIGHT * weights, made.kept() + made.widest());
    }

    private static Activations activations(NetworkConfig network) {
        return Backbone.named(network.architecture()).activations(network);
    }

    private static MemoryNeed need(NetworkConfig network, long fixed, long numbers) {
        return new MemoryNeed(fixed, Float.BYTES * (numbers + network.pictureNumbers()));
    }

    @Override
    public boolean normsOverPictures(NetworkConfig network) {
        return TorchNames.of(new StageBlock(network)).keySet().stream().anyMatch(name -> name.contains(".running_"));
    }

    @Override
    public Optional<MemoryAtHand> memoryAtHand(String device) {
        var place = TorchDevice.of(device);
        return place.isGpu() ? Optional.of(new MemoryAtHand(TorchDevice.freeBytes(place))) : MemoryAtHand.now();
    }

    @Override
    public int usualThreads() {
        return TorchThreads.usual();
    }

    @Override
    public void useThreads(int threads) {
        TorchThreads.use(threads);
    }
}
