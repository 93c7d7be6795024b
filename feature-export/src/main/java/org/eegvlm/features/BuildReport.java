package org.eegvlm.features;

import org.eegvlm.core.manifest.StageCounts;

/**
 * What was built.
 *
 * @param before the scored epochs of the train split
 * @param after the same when they are balanced
 */
public record BuildReport(int samples, int questions, StageCounts before, StageCounts after) {}
