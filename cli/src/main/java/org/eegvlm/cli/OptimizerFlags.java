package org.eegvlm.cli;

import java.util.Optional;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.eegvlm.kernels.AdamWConfig;
import picocli.CommandLine.Option;

/** How a step of fine-tuning changes the weights. */
final class OptimizerFlags {

    private static final OptimizerConfig DEFAULT = OptimizerConfig.DEFAULT;

    @Option(names = "--learning-rate", description = "Of LoRA, at its peak (3e-4).")
    private double learningRate = DEFAULT.learningRate();

    @Option(names = "--mm-projector-lr", description = "Of the projector, at its peak (2e-5).")
    private double projectorRate = DEFAULT.projectorLearningRate();

    @Option(names = "--weight-decay", description = "Of all but biases (0).")
    private double weightDecay = DEFAULT.adamW().weightDecay();

    @Option(names = "--adam-beta1", description = "Memory of the gradients (0.9).")
    private double beta1 = DEFAULT.adamW().beta1();

    @Option(names = "--adam-beta2", description = "Memory of their squares (0.999).")
    private double beta2 = DEFAULT.adamW().beta2();

    @Option(names = "--adam-epsilon", description = "Added to the root of the latter (1e-8).")
    private double epsilon = DEFAULT.adamW().epsilon();

    @Option(names = "--max-grad-norm", description = "Limit of the gradients' joint norm; 0: none (1).")
    private Optional<Double> maxGradNorm = Optional.empty();

    @Option(names = "--lr-scheduler-type", description = "cosine, linear, constant or constant_with_warmup (cosine).")
    private String decay = DEFAULT.schedule().decay().label();

    @Option(names = "--warmup-ratio", description = "Share of the steps in which the rates rise (0.03).")
    private double warmupRatio = DEFAULT.schedule().warmupRatio();

    @Option(names = "--warmup-steps", description = "How many these are; 0: what the ratio says (0).")
    private int warmupSteps = DEFAULT.schedule().warmupSteps();

    /** @param otherNorm the limit of the gradients' norm where no flag says it */
    OptimizerConfig optimizer(Optional<Double> otherNorm) {
        return new OptimizerConfig(
                learningRate,
                projectorRate,
                new AdamWConfig(beta1, beta2, epsilon, weightDecay),
                maxGradNorm.or(() -> otherNorm).orElse(DEFAULT.maxGradNorm()),
                new ScheduleConfig(Decay.named(decay), warmupRatio, warmupSteps));
    }
}
