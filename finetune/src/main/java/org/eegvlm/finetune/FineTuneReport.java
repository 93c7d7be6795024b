package org.eegvlm.finetune;

import java.nio.file.Path;
import java.util.List;
import org.eegvlm.finetune.step.LoggedStep;

/**
 * What a fine-tuning came to.
 *
 * @param finished whether it came to its end; else it was asked to stop, and the same command goes on
 * @param steps of the optimiser that are done
 * @param firstLoss before the first step; NaN where there was none
 * @param lastLoss before the last one; both of one step's samples
 */
public record FineTuneReport(
        Path output, boolean finished, int samples, long steps, double firstLoss, double lastLoss) {

    static FineTuneReport of(Path output, boolean finished, int samples, List<LoggedStep> steps) {
        double first = steps.isEmpty() ? Double.NaN : steps.get(0).loss();
        double last = steps.isEmpty() ? Double.NaN : steps.get(steps.size() - 1).loss();
        return new FineTuneReport(output, finished, samples, steps.size(), first, last);
    }
}
