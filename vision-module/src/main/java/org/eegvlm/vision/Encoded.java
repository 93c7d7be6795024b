package org.eegvlm.vision;

/**
 * What the vision module makes of pictures, one row a picture.
 *
 * @param features 1024 numbers each, as the network gives them: not standardised
 * @param probabilities of the five stages, in the order of {@link org.eegvlm.core.SleepStage}
 */
public record Encoded(float[][] features, float[][] probabilities) {}
