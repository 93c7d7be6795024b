package org.eegvlm.core.edf;

import java.util.ArrayList;
import java.util.List;

/** What is odd about a file, a sentence each; a file that is odd all over is not quoted in full. */
final class Oddities {

    private static final int MOST = 20;

    private final List<String> told = new ArrayList<>();
    private int untold;

    void add(String sentence, Object... values) {
        if (told.size() < MOST) {
            told.add(sentence.formatted(values));
        } else {
            untold++;
        }
    }

    List<String> list() {
        if (untold == 0) {
            return List.copyOf(told);
        }
        var all = new ArrayList<>(told);
        all.add("and %d oddities more".formatted(untold));
        return List.copyOf(all);
    }
}
