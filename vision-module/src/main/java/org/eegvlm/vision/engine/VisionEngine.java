package org.eegvlm.vision.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.eegvlm.core.MemoryAtHand;

/**
 * A library that computes networks; found by {@link ServiceLoader}, told apart by name.
 *
 * <p>Whoever trains, the weights are {@code model.safetensors} under PyTorch's names, so that one engine opens what
 * another has trained. An engine that only encodes leaves the methods of training as they are; one that trains has all of
 * them.
 */
public interface VisionEngine {

    /** The engine that trains every backbone. */
    String DEFAULT = "djl";

    /** The weights' file in a model's folder. */
    String WEIGHTS = "model.safetensors";

    /** As in {@code --engine}. */
    String name();

    /**
     * Opens a trained network for encoding.
     *
     * @param folder of the model
     * @param network as the model's card tells it
     * @param device {@code cpu} or {@code cuda:N}
     * @throws org.eegvlm.core.MalformedDataException if a weight is missing or has another shape
     * @throws IllegalArgumentException if it cannot compute such a network
     */
    StageEncoder open(Path folder, NetworkConfig network, String device) throws IOException;

    /**
     * What encoding with a trained network will hold.
     *
     * @param folder of the model, whose weights tell their size
     * @throws IllegalArgumentException if it cannot compute such a network
     */
    MemoryNeed encodingNeed(Path folder, NetworkConfig network) throws IOException;

    /** What training a network will hold, a moving average and steps in parts included. */
    default MemoryNeed trainingNeed(NetworkConfig network) {
        throw misses("trainingNeed");
    }

    /** Whether training takes statistics of the pictures that go through at once, as batch norm does. */
    default boolean normsOverPictures(NetworkConfig network) {
        throw misses("normsOverPictures");
    }

    /** Of the device, or of the machine; empty where nobody tells. */
    default Optional<MemoryAtHand> memoryAtHand(String device) {
        return MemoryAtHand.now();
    }

    /** How many threads compute unless others are asked for. */
    default int usualThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** From now on; in the whole process, where the library knows but one number. */
    void useThreads(int threads);

    /**
     * A backbone as published.
     *
     * @throws IllegalArgumentException if it cannot train one of this name
     */
    default NetworkConfig network(String backbone, int inputSize) {
        throw trainsNothing();
    }

    /** A network that has learnt nothing; the same seed gives the same weights. */
    default StageLearner learner(NetworkConfig network, LearnerConfig config) {
        throw trainsNothing();
    }

    private IllegalArgumentException trainsNothing() {
        return new IllegalArgumentException(
                "the engine '%s' only encodes; train with --engine %s".formatted(name(), DEFAULT));
    }

    /** For whoever has a network to train, and does not tell of it. */
    private IllegalArgumentException misses(String method) {
        return new IllegalArgumentException("the engine '%s' cannot train: its %s does not implement %s"
                .formatted(name(), getClass().getName(), method));
    }

    /** @throws IllegalArgumentException if none of this name is on the class path */
    static VisionEngine named(String name) {
        var known = StreamSupport.stream(ServiceLoader.load(VisionEngine.class).spliterator(), false)
                .toList();
        return known.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown engine '%s'; this build has %s, and dl4j where -Pdl4j is in EEGVLM_MAVEN_ARGS"
                                .formatted(
                                        name,
                                        known.stream().map(VisionEngine::name).toList())));
    }
}
