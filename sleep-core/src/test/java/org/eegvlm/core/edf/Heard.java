package org.eegvlm.core.edf;

import java.util.ArrayList;
import java.util.List;

/** Keeps all that an annotation signal says. */
final class Heard implements TimestampedTexts.Listener {

    static final int OFFSET = 1000;

    final List<TimestampedTexts> lists = new ArrayList<>();
    final List<String> unreadable = new ArrayList<>();
    final List<String> odd = new ArrayList<>();

    static Heard of(byte[] bytes) {
        var heard = new Heard();
        TimestampedTexts.parse(OFFSET, bytes, heard);
        return heard;
    }

    @Override
    public void list(TimestampedTexts list) {
        lists.add(list);
    }

    @Override
    public void unreadable(long offset, String problem) {
        unreadable.add("byte %d: %s".formatted(offset, problem));
    }

    @Override
    public void odd(String what) {
        odd.add(what);
    }
}
