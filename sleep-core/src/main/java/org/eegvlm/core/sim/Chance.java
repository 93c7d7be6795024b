package org.eegvlm.core.sim;

import java.util.SplittableRandom;

/**
 * Random numbers that are the same on every machine and JDK: built on {@link SplittableRandom#nextLong()}, whose
 * algorithm is fixed, and on {@link StrictMath}.
 */
final class Chance {

    private static final long SEED_FACTOR = 0xD1342543DE82EF95L; // two of the multipliers of Steele and Vigna 2021
    private static final long STREAM_FACTOR = 0xDA942042E4DD58B5L;

    private final SplittableRandom random;

    /** @param stream gives each subject numbers of its own */
    Chance(long seed, int stream) {
        random = new SplittableRandom(seed * SEED_FACTOR + stream * STREAM_FACTOR);
    }

    double uniform(double from, double to) {
        return from + (to - from) * (random.nextLong() >>> 11) * 0x1p-53;
    }

    boolean happens(double probability) {
        return uniform(0, 1) < probability;
    }

    int whole(int from, int to) {
        return (int) StrictMath.floor(uniform(from, to + 1));
    }

    /** The standard normal distribution, by Marsaglia's polar method. */
    double normal() {
        while (true) {
            double x = uniform(-1, 1);
            double y = uniform(-1, 1);
            double square = x * x + y * y;
            if (square < 1 && square > 0) {
                return x * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }

    /** A normal number that is drawn back to at most three deviations from the mean. */
    double normal(double mean, double deviation) {
        return mean + deviation * Math.max(-3, Math.min(3, normal()));
    }

    /** A positive factor around 1, log-normal: what varies among people and minutes by proportion. */
    double factor(double deviation) {
        return StrictMath.exp(normal(0, deviation));
    }
}
