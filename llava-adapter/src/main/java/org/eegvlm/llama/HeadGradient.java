package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;

/**
 * The loss of a batch and what flows back from it.
 *
 * @param loss mean cross entropy over the supervised positions, in nats
 * @param supervised how many those are
 * @param input gradient of the last layer's output [B, T, H]; zero where nothing is supervised
 */
public record HeadGradient(double loss, long supervised, NDArray input) {}
