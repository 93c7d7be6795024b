package org.eegvlm.finetune.data;

/**
 * Independent random seeds for every place that needs one, derived from the run's seed and the place's own numbers: a
 * resumed run draws what an uninterrupted one would have drawn.
 */
public final class Seeds {

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** For the adapter's first weights. */
    public static long weights(long seed) {
        return derive(seed, 0);
    }

    /** For the order of a pass. */
    static long order(long seed, long pass) {
        return derive(seed, 1, pass);
    }

    /** For what a batch of a step drops. */
    public static long dropout(long seed, long step, int batch) {
        return derive(seed, 2, step, batch);
    }

    /** For what a replica's share of a batch drops; the first replica's is the batch's own. */
    public static long replica(long batch, int replica) {
        return derive(batch, 3, replica);
    }

    /** A seed in [0, 2⁶²), so that kernels may add small numbers to it. */
    static long derive(long seed, long... place) {
        long mixed = mix(seed + GOLDEN_RATIO);
        for (long number : place) {
            mixed = mix(mixed + GOLDEN_RATIO * (number + 1));
        }
        return mixed >>> 2;
    }

    /** The finaliser of SplitMix64 (Steele, Lea &amp; Flood 2014). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
