package org.eegvlm.core.night;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a scoring came to lie on its recording.
 *
 * @param offset from the recording's start to the scoring's; 0 where either file does not tell
 * @param before how many epochs' worth of scored sleep and wake lie before the recording, and are lost
 * @param beyond how many lie after its end, and are lost
 */
public record Alignment(Duration offset, double before, double beyond) {

    /** What a person should know; nothing where all fits. */
    public List<String> notes() {
        var notes = new ArrayList<String>();
        if (!offset.isZero()) {
            notes.add(String.format(Locale.ROOT, "its scoring starts %.3f s after the recording", seconds(offset)));
        }
        if (before > 0) {
            notes.add(String.format(Locale.ROOT, "%.1f scored epochs lie before the recording", before));
        }
        if (beyond > 0) {
            notes.add(String.format(Locale.ROOT, "%.1f scored epochs lie beyond its end", beyond));
        }
        return List.copyOf(notes);
    }

    /** Dates may lie further apart than a count of nanoseconds reaches. */
    static double seconds(Duration offset) {
        return offset.toSeconds() + offset.toNanosPart() / 1e9;
    }
}
