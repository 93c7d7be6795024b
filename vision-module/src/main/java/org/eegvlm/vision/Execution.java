package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.util.Optional;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * What computes, and how much at a time.
 *
 * @param engine the name of a {@link VisionEngine}
 * @param device {@code cpu} or {@code cuda:N}
 * @param atOnce pictures that go through the network at once, at most; unless it is said, as many as memory holds
 * @param threads that compute, on the processor; unless it is said, all that this process may use
 */
public record Execution(String engine, String device, Optional<Integer> atOnce, Optional<Integer> threads) {

    public static final Execution DEFAULT =
            new Execution(VisionEngine.DEFAULT, "cpu", Optional.empty(), Optional.empty());

    public Execution {
        require(atOnce.orElse(1) > 0, "pictures at once must be positive, were " + atOnce.orElse(0));
        require(threads.orElse(1) > 0, "threads must be positive, were " + threads.orElse(0));
    }

    public Execution withEngine(String other) {
        return new Execution(other, device, atOnce, threads);
    }

    public Execution withDevice(String other) {
        return new Execution(engine, other, atOnce, threads);
    }

    /** The same at a load that was chosen before. */
    public Execution with(Load load) {
        return new Execution(engine, device, Optional.of(load.atOnce()), Optional.of(load.threads()));
    }

    /** Present where all of it was said. */
    public Optional<Load> load() {
        return atOnce.flatMap(pictures -> threads.map(count -> new Load(pictures, count)));
    }

    /** Whether a load is one that was asked for. */
    public boolean allows(Load load) {
        return atOnce.orElse(load.atOnce()) == load.atOnce() && threads.orElse(load.threads()) == load.threads();
    }
}
