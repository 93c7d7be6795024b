package org.eegvlm.vision;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Places next to each other in a longer row.
 *
 * @param from the first
 * @param to the one behind the last
 */
record Part(int from, int to) {

    /** A row of so many places, cut into parts of nearly equal size. */
    static List<Part> of(int places, int parts) {
        return IntStream.range(0, parts)
                .mapToObj(i -> new Part(cut(i, places, parts), cut(i + 1, places, parts)))
                .toList();
    }

    private static int cut(int part, int places, int parts) {
        return Math.toIntExact((long) part * places / parts);
    }
}
