package org.eegvlm.finetune;

import java.nio.file.Path;

/**
 * What a fine-tuning came to.
 *
 * @param steps of the optimiser
 * @param firstLoss before the first step
 * @param lastLoss before the last one; both of one step's samples
 */
public record FineTuneReport(Path output, int samples, long steps, double firstLoss, double lastLoss) {}
