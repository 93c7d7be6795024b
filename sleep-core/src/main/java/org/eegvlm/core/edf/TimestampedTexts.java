package org.eegvlm.core.edf;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One time-stamped annotation list (TAL) of EDF+, section 2.2.2: {@code +onset[\x15duration]\x14text\x14…\x14\0},
 * UTF-8. The first of a record has an empty first text and tells when the record starts.
 *
 * @param onset in seconds from the header's start; exact, since sub-second starts are subtracted from it
 * @param texts never empty, but the first may be
 */
record TimestampedTexts(BigDecimal onset, Optional<Double> duration, List<String> texts) {

    private static final byte END = 0;
    private static final char SEPARATOR = 0x14;
    private static final char DURATION = 0x15;
    private static final Pattern ONSET = Pattern.compile("[+-]\\d{1,15}(\\.\\d{0,20})?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,15}(\\.\\d{0,20})?");

    TimestampedTexts {
        texts = List.copyOf(texts);
    }

    /** Hears what stands in an annotation signal, in the order of the file. */
    interface Listener {
        void list(TimestampedTexts list);

        /** A list that could not be read. */
        void unreadable(long offset, String problem);

        /** A list that was read though it breaks the specification. */
        void odd(String what);
    }

    /** @param offset where the bytes stand in the file */
    static void parse(long offset, byte[] bytes, Listener listener) {
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && bytes[end] != END) {
                end++;
            }
            if (end > start) {
                long place = offset + start;
                parse(place, text(place, ByteBuffer.wrap(bytes, start, end - start), listener), listener);
            }
            start = end + 1;
        }
    }

    /** Whether this, as the first of a record, tells when the record starts. */
    boolean keepsTime() {
        return texts.get(0).isEmpty();
    }

    /** Latin-1, which older writers used, is the only reading that loses nothing. */
    private static String text(long offset, ByteBuffer bytes, Listener listener) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            listener.odd("byte %d: an annotation is not UTF-8; it is read as Latin-1".formatted(offset));
            return StandardCharsets.ISO_8859_1.decode(bytes).toString();
        }
    }

    private static void parse(long offset, String list, Listener listener) {
        int stamp = list.indexOf(SEPARATOR);
        if (stamp < 0) {
            listener.unreadable(offset, "an annotation without its end mark");
            return;
        }
        var time = list.substring(0, stamp).split(String.valueOf(DURATION), 2);
        if (!ONSET.matcher(time[0]).matches()) {
            listener.unreadable(offset, "an onset must look like +12.5, is '" + time[0] + "'");
            return;
        }
        Optional<Double> duration = Optional.empty();
        if (time.length == 2 && !time[1].isEmpty()) {
            if (!LENGTH.matcher(time[1]).matches()) {
                listener.unreadable(offset, "a duration must look like 30, is '" + time[1] + "'");
                return;
            }
            duration = Optional.of(Double.parseDouble(time[1]));
        }
        var texts = List.of(list.substring(stamp + 1).split(String.valueOf(SEPARATOR), -1));
        if (!texts.get(texts.size() - 1).isEmpty()) {
            listener.unreadable(offset, "an annotation without its end mark");
            return;
        }
        listener.list(new TimestampedTexts(
                new BigDecimal(time[0]), duration, texts.size() > 1 ? texts.subList(0, texts.size() - 1) : texts));
    }
}
