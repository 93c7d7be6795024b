package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import org.eegvlm.kernels.AdamWConfig;

/**
 * How a step changes the weights.
 *
 * @param learningRate of the LoRA weights, at its peak
 * @param projectorLearningRate at its peak
 * @param adamW its weight decay leaves biases alone
 * @param maxGradNorm gradients are scaled down to this joint L2 norm; 0 leaves them
 * @param schedule of both rates
 */
public record OptimizerConfig(
        double learningRate,
        double projectorLearningRate,
        AdamWConfig adamW,
        double maxGradNorm,
        ScheduleConfig schedule) {

    public static final OptimizerConfig DEFAULT =
            new OptimizerConfig(3e-4, 2e-5, AdamWConfig.DEFAULT, 1, ScheduleConfig.DEFAULT);

    public OptimizerConfig {
        require(learningRate > 0, "the learning rate must be positive, was " + learningRate);
        require(projectorLearningRate >= 0, "the projector's rate must not be negative: " + projectorLearningRate);
        require(maxGradNorm >= 0, "the gradient norm's limit must not be negative, was " + maxGradNorm);
    }

    public OptimizerConfig withRates(double newLearningRate, double newProjectorLearningRate) {
        return new OptimizerConfig(newLearningRate, newProjectorLearningRate, adamW, maxGradNorm, schedule);
    }

    public OptimizerConfig withMaxGradNorm(double norm) {
        return new OptimizerConfig(learningRate, projectorLearningRate, adamW, norm, schedule);
    }

    public OptimizerConfig withSchedule(ScheduleConfig newSchedule) {
        return new OptimizerConfig(learningRate, projectorLearningRate, adamW, maxGradNorm, newSchedule);
    }
}
