package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.Device;

/**
 * Neighbouring decoder layers that lie on one device.
 *
 * @param first of its layers
 * @param end the layer after its last
 */
public record DecoderStage(Device device, int first, int end) {

    public DecoderStage {
        require(0 <= first && first < end, "a stage needs a layer, was given %d to %d", first, end);
    }
}
