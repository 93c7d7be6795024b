package org.eegvlm.vision.render;

/** The lines behind a waveform: a faint one every second, a less faint one every fifth. */
final class Grid {

    static final int WHITE = 255;

    private static final int SECOND_GREY = 238;
    private static final int FIFTH_SECOND_GREY = 216;
    private static final int SECONDS_PER_STRONG_LINE = 5;

    private Grid() {}

    static int grey(int second) {
        return second % SECONDS_PER_STRONG_LINE == 0 ? FIFTH_SECOND_GREY : SECOND_GREY;
    }
}
