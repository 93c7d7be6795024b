package org.eegvlm.core.manifest;

/**
 * How much more an epoch of a rare stage counts than one of a common stage, by the share p of its stage. EEG2LLM names
 * the methods.
 */
public enum WeightMethod {
    /** {@code 1 / p}: in the end all stages weigh the same. */
    INVERSE {
        @Override
        double weight(double share) {
            return 1 / share;
        }
    },
    /** {@code sqrt(1 / p)}: half the way there, on a logarithmic scale. */
    SQRT_INVERSE {
        @Override
        double weight(double share) {
            return Math.sqrt(1 / share);
        }
    },
    /** {@code ln(1 + 1 / p)}: gentler still for the rarest. */
    LOG_INVERSE {
        @Override
        double weight(double share) {
            return Math.log1p(1 / share);
        }
    };

    /** @param share of the stage, above 0 */
    abstract double weight(double share);
}
