package org.eegvlm.vision.djl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.core.SleepStage;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.kernels.TorchThreads;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.LearnerConfig;
import org.eegvlm.vision.MemoryNeed;
import org.eegvlm.vision.NetworkConfig;
import org.eegvlm.vision.StageEncoder;
import org.eegvlm.vision.StageLearner;
import org.eegvlm.vision.VisionEngine;

/** DJL with PyTorch: trains every {@link Backbone}. */
public final class DjlEngine implements VisionEngine {

    /** libtorch's first kernels and oneDNN's; measured. */
    private static final long PROGRAM = 150L << 20;

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
    public Optional<MemoryNeed> encodingNeed(NetworkConfig network) {
        return activations(network).map(made -> need(network, 1, made.widest()));
    }

    @Override
    public Optional<MemoryNeed> trainingNeed(NetworkConfig network) {
        return activations(network).map(made -> need(network, KEPT_OF_A_WEIGHT, made.kept() + made.widest()));
    }

    private static Optional<Activations> activations(NetworkConfig network) {
        return Backbone.named(network.architecture()).activations(network);
    }

    private static MemoryNeed need(NetworkConfig network, int times, long numbers) {
        long picture = (long) network.channels() * network.inputSize() * network.inputSize();
        return new MemoryNeed(PROGRAM + Float.BYTES * times * weights(network), Float.BYTES * (numbers + picture));
    }

    /** How many numbers they are. */
    private static long weights(NetworkConfig network) {
        long head = (network.width() + SleepStage.values().length) * (long) network.featureSize();
        return head
                + Backbone.named(network.architecture()).block(network).getDirectParameters().values().stream()
                        .mapToLong(weight -> weight.getShape().size())
                        .sum();
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
