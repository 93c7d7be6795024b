package org.eegvlm.finetune.output;

import org.eegvlm.core.score.Scores;

/**
 * A line of {@code evaluations.jsonl}: how well the model answered about people it does not learn from.
 *
 * @param step after how many steps
 * @param kappa Cohen's κ
 * @param unreadable answers that named no stage; wrong in every figure
 * @param samples how many were asked about
 */
public record LoggedEvaluation(long step, double kappa, double macroF1, double accuracy, int unreadable, int samples) {

    /** What the scorer says of all answers together. */
    public static LoggedEvaluation of(long step, Scores scores) {
        var all = scores.overall();
        return new LoggedEvaluation(step, all.kappa(), all.macroF1(), all.accuracy(), all.unreadable(), all.n());
    }
}
