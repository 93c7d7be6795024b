package org.eegvlm.vision.explain;

import org.eegvlm.core.SleepStage;

/**
 * What an encoder says of an epoch, and which seconds it says so for.
 *
 * @param stage the likeliest
 * @param probability of that stage
 * @param binSeconds how long each stretch is; they follow each other from the start of the epoch
 * @param weight of each stretch: by how much the log-odds of the stage fall while it is hidden; below 0 where it speaks
 *     against the stage
 */
public record Explanation(SleepStage stage, double probability, double binSeconds, double[] weight) {}
