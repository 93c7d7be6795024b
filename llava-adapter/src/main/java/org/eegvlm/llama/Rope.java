package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) with its extensions to longer contexts.
 *
 * @param theta the base of the frequencies
 * @param scaling how they are stretched
 */
public record Rope(double theta, Scaling scaling) {

    public Rope {
        require(theta > 1 && Double.isFinite(theta), "rope theta must be above 1, was " + theta);
    }

    /** Radians a position, for each pair of dimensions: {@code theta^(-2j / headDimension)}, scaled. */
    public float[] inverseFrequencies(int headDimension) {
        var frequencies = new float[headDimension / 2];
        for (int j = 0; j < frequencies.length; j++) {
            frequencies[j] = (float) scaling.apply(Math.pow(theta, -2.0 * j / headDimension));
        }
        return frequencies;
    }

    /** What becomes of an inverse frequency. */
    public sealed interface Scaling {

        double apply(double inverseFrequency);

        /** The frequencies as they are. */
        record None() implements Scaling {
            @Override
            public double apply(double inverseFrequency) {
                return inverseFrequency;
            }
        }

        /** Positions are squeezed evenly. */
        record Linear(double factor) implements Scaling {
            public Linear {
                require(factor >= 1, "rope factor must be at least 1, was " + factor);
            }

            @Override
            public double apply(double inverseFrequency) {
                return inverseFrequency / factor;
            }
        }

        /** Llama 3.1: long waves are stretched, short ones kept, with a ramp between. */
        record Llama3(double factor, double lowFactor, double highFactor, double originalPositions) implements Scaling {
            public Llama3 {
                require(factor >= 1, "rope factor must be at least 1, was " + factor);
                require(
                        0 < lowFactor && lowFactor < highFactor,
                        "rope factors must rise, were %s and %s".formatted(lowFactor, highFactor));
                require(originalPositions > 0, "original positions must be positive, was " + originalPositions);
            }

            @Override
            public double apply(double inverseFrequency) {
                double wavelength = 2 * Math.PI / inverseFrequency;
                if (wavelength < originalPositions / highFactor) {
                    return inverseFrequency;
                }
                if (wavelength > originalPositions / lowFactor) {
                    return inverseFrequency / factor;
                }
                double smooth = (originalPositions / wavelength - lowFactor) / (highFactor - lowFactor);
                return (1 - smooth) * inverseFrequency / factor + smooth * inverseFrequency;
            }
        }
    }
}
