package org.eegvlm.core.edf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eegvlm.core.Annotation;

/**
 * The time-stamped annotation lists (TALs) of EDF+, section 2.2.2: {@code +onset[\x15duration]\x14text\x14…\x14\0},
 * UTF-8. The first of a record has no text and tells when the record starts.
 */
final class TimestampedTexts {

    private static final byte END = 0;
    private static final char SEPARATOR = 0x14;
    private static final char DURATION = 0x15;
    private static final Pattern ONSET = Pattern.compile("[+-]\\d+(\\.\\d*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d+(\\.\\d*)?");
    private static final String FIELD = "EDF Annotations";

    private TimestampedTexts() {}

    /** All texts of one record's annotation signal, the timekeeping one with an empty text. */
    static List<Annotation> parse(Path file, long offset, byte[] bytes) throws MalformedEdfException {
        var annotations = new ArrayList<Annotation>();
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && bytes[end] != END) {
                end++;
            }
            if (end > start) {
                var list = new String(bytes, start, end - start, StandardCharsets.UTF_8);
                annotations.addAll(list(file, offset + start, list));
            }
            start = end + 1;
        }
        return annotations;
    }

    private static List<Annotation> list(Path file, long offset, String list) throws MalformedEdfException {
        int stamp = list.indexOf(SEPARATOR);
        if (stamp < 0) {
            throw new MalformedEdfException(file, offset, FIELD, "an annotation without its end mark");
        }
        var time = list.substring(0, stamp).split(String.valueOf(DURATION), 2);
        if (!ONSET.matcher(time[0]).matches()) {
            throw new MalformedEdfException(file, offset, FIELD, "an onset must look like +12.5, is '" + time[0] + "'");
        }
        Optional<Double> duration = Optional.empty();
        if (time.length == 2 && !time[1].isEmpty()) {
            if (!LENGTH.matcher(time[1]).matches()) {
                throw new MalformedEdfException(
                        file, offset, FIELD, "a duration must look like 30, is '" + time[1] + "'");
            }
            duration = Optional.of(seconds(file, offset, time[1]));
        }
        var annotations = new ArrayList<Annotation>();
        var texts = list.substring(stamp + 1).split(String.valueOf(SEPARATOR), -1);
        int count = texts.length > 1 && texts[texts.length - 1].isEmpty() ? texts.length - 1 : texts.length;
        double onset = seconds(file, offset, time[0]);
        for (int i = 0; i < count; i++) {
            if (i == 0 || !texts[i].isEmpty()) { // an empty one keeps the time, a second says nothing
                annotations.add(new Annotation(onset, duration, texts[i]));
            }
        }
        return annotations;
    }

    private static double seconds(Path file, long offset, String digits) throws MalformedEdfException {
        double seconds = Double.parseDouble(digits);
        if (!Double.isFinite(seconds)) {
            throw new MalformedEdfException(file, offset, FIELD, "a time of more seconds than there can be: " + digits);
        }
        return seconds;
    }
}
