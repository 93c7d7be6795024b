package org.eegvlm.llama;

import org.eegvlm.llama.vector.Workers;

/**
 * A worker's share of several lists of tiles, taken in stretches: tiles that follow each other are read quicker than
 * single ones, and a worker that is held up takes fewer.
 */
final class Stretches {

    private static final int A_WORKER = 4;

    private final Workers workers;
    private int ticket;
    private int before;
    private int first;
    private int end;

    Stretches(Workers workers) {
        this.workers = workers;
        ticket = workers.ticket();
    }

    /** Goes on to the next stretch of a list; false when the list is done, and the next call is about the next list. */
    boolean next(int tiles) {
        int stretches = Math.min(tiles, A_WORKER * workers.count());
        int number = ticket - before;
        if (number >= stretches) {
            before += stretches;
            return false;
        }
        first = (int) ((long) tiles * number / stretches);
        end = (int) ((long) tiles * (number + 1) / stretches);
        ticket = workers.ticket();
        return true;
    }

    int first() {
        return first;
    }

    int end() {
        return end;
    }
}
