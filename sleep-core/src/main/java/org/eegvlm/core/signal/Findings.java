package org.eegvlm.core.signal;

import java.util.List;
import java.util.Locale;

/**
 * What one epoch of one EEG channel shows, measured from its samples and nothing else.
 *
 * @param bands power by band
 * @param slowWaves the part of the epoch's time that slow waves fill, 0 to 1
 * @param spindles how many spindles
 * @param rmsMicrovolts the square root of the power from 0.5 to 30 Hz
 */
public record Findings(BandPowers bands, double slowWaves, int spindles, double rmsMicrovolts) {

    /**
     * The words of every {@link #sentence()}, in the order in which they come. Between them stand only blanks, the whole
     * numbers 0 to 100, and the signs {@code , ; . %}.
     */
    public static final List<String> VOCABULARY = List.of(
            "Delta",
            "theta",
            "alpha",
            "sigma",
            "beta",
            "slow",
            "waves",
            "fill",
            "of",
            "the",
            "epoch",
            "spindle",
            "spindles",
            "amplitude",
            "over",
            "µV");

    private static final int LARGEST_NUMBER = 100;

    /**
     * @param microvolts one epoch, at least 4 s
     * @param rateHz at least 64
     */
    public static Findings of(float[] microvolts, double rateHz) {
        var bands = BandPowers.of(microvolts, rateHz);
        return new Findings(
                bands,
                SlowWaves.share(microvolts, rateHz),
                Spindles.in(microvolts, rateHz).size(),
                Math.sqrt(bands.total()));
    }

    /**
     * The findings in words: {@code Delta 41 %, theta 22 %, alpha 9 %, sigma 12 %, beta 16 %; slow waves fill 12 % of the
     * epoch; 3 spindles; amplitude 23 µV.}
     */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "Delta %d %%, theta %d %%, alpha %d %%, sigma %d %%, beta %d %%; "
                        + "slow waves fill %d %% of the epoch; %s %s; amplitude %s µV.",
                percent(bands.share(Band.DELTA)),
                percent(bands.share(Band.THETA)),
                percent(bands.share(Band.ALPHA)),
                percent(bands.share(Band.SIGMA)),
                percent(bands.share(Band.BETA)),
                percent(slowWaves),
                number(spindles),
                spindles == 1 ? "spindle" : "spindles",
                number(Math.round(rmsMicrovolts)));
    }

    private static long percent(double share) {
        return Math.round(100 * share);
    }

    /** Artefacts may be of any size; the vocabulary of numbers ends. */
    private static String number(long value) {
        return value <= LARGEST_NUMBER ? Long.toString(value) : "over " + LARGEST_NUMBER;
    }
}
