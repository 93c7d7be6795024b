package org.eegvlm.kernels;

/** The constants of {@link AdamW}; the defaults are those of PyTorch and of LLaVA's training. */
public record AdamWConfig(double beta1, double beta2, double epsilon, double weightDecay) {

    public static final AdamWConfig DEFAULT = new AdamWConfig(0.9, 0.999, 1e-8, 0);

    public AdamWConfig {
        if (!(0 <= beta1 && beta1 < 1 && 0 <= beta2 && beta2 < 1)) {
            throw new IllegalArgumentException("betas must be in [0, 1), were %s and %s".formatted(beta1, beta2));
        }
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be positive, was " + epsilon);
        }
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("the weight decay must not be negative, was " + weightDecay);
        }
    }

    public AdamWConfig withWeightDecay(double decay) {
        return new AdamWConfig(beta1, beta2, epsilon, decay);
    }
}
