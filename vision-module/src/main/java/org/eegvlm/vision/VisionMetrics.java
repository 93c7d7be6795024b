package org.eegvlm.vision;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.score.Scores;

/**
 * What came of a training: {@code metrics.json}.
 *
 * @param bestPass the pass whose weights were kept, from 1
 * @param passes one entry a pass
 * @param validation scores on the subjects that chose the pass; flattering, therefore
 * @param eval scores on subjects that had no part in it; empty where there are none, or nobody scored them
 * @param validationCalibration whether its probabilities mean what they say there, stage by stage
 * @param evalCalibration the same on the evaluation subjects
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record VisionMetrics(
        int bestPass,
        List<Pass> passes,
        Optional<Scores> validation,
        Optional<Scores> eval,
        Optional<List<StageCalibration>> validationCalibration,
        Optional<List<StageCalibration>> evalCalibration) {

    public VisionMetrics {
        passes = List.copyOf(passes);
    }

    /**
     * One pass over the training epochs.
     *
     * @param loss mean cross entropy over the pass, against the smoothed labels
     * @param validationKappa empty where there is no validation subject
     * @param standardError how far chance alone moves that κ, were its epochs independent
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Pass(int pass, double loss, Optional<Double> validationKappa, Optional<Double> standardError) {}
}
