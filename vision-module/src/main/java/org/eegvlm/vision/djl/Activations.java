package org.eegvlm.vision.djl;

/**
 * How many numbers a backbone makes of one picture.
 *
 * @param kept by training, of all layers, for the way back
 * @param widest of the layer with the most, at its fullest, and on the way back
 */
public record Activations(long kept, long widest) {}
