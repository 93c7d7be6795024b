package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.util.Optional;

/**
 * Whether and how often the model is asked during training.
 *
 * @param samples of people that are not trained on; needed unless the interval is {@link Interval#NEVER}
 * @param batchSize questions asked at once
 * @param patience ends the training after so many evaluations without a better one; empty: never
 */
public record EvaluationConfig(
        Interval interval, Optional<SampleFiles> samples, int batchSize, Optional<Integer> patience) {

    public static final EvaluationConfig NEVER =
            new EvaluationConfig(Interval.NEVER, Optional.empty(), 4, Optional.empty());

    public EvaluationConfig {
        require(
                interval.equals(Interval.NEVER) || samples.isPresent(),
                "evaluation during training needs samples of its own: give --eval_data_path");
        require(batchSize > 0, "the evaluation's batch size must be positive, was " + batchSize);
        require(patience.orElse(1) > 0, "the patience must be positive, was " + patience.orElse(0));
        require(
                patience.isEmpty() || !interval.equals(Interval.NEVER),
                "early stopping needs an evaluation during training");
    }
}
