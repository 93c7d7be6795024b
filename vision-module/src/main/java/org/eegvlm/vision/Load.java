package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

/**
 * How much of the machine is taken at a time.
 *
 * @param atOnce pictures that go through the network at once, at most
 * @param threads that compute, on the processor
 */
public record Load(int atOnce, int threads) {

    public Load {
        require(atOnce > 0, "pictures at once must be positive, were " + atOnce);
        require(threads > 0, "threads must be positive, were " + threads);
    }
}
