package org.eegvlm.core.edf;

import static org.eegvlm.core.Preconditions.require;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Stretch;

/**
 * Where the annotations of a file go: each into the record in which it begins, after the record's own time stamp.
 *
 * @param records the annotation signal's bytes of each record, equally many
 */
record TextLayout(List<byte[]> records) {

    private static final Pattern MARKS = Pattern.compile("[\\x00\\x14\\x15]");
    private static final int LONGEST_TIME = 36;

    /** @param recordOnsets from the first sample, as the annotations' onsets */
    static TextLayout of(EdfHeader header, double[] recordOnsets, List<Annotation> annotations) {
        require(recordOnsets.length > 0, "annotations need at least one record");
        requireInOrder(header, recordOnsets);
        // The header tells whole seconds; every time stamp carries what is left of the first one.
        var fraction =
                BigDecimal.valueOf(header.start().map(LocalDateTime::getNano).orElse(0), 9);
        var texts = new ArrayList<ByteArrayOutputStream>();
        for (double onset : recordOnsets) {
            texts.add(new ByteArrayOutputStream());
            write(texts, texts.size() - 1, time(onset, fraction) + "\u0014\u0014\0");
        }
        for (var annotation : annotations) {
            write(texts, record(recordOnsets, annotation.onsetSeconds()), list(annotation, fraction));
        }
        int bytes = texts.stream().mapToInt(ByteArrayOutputStream::size).max().orElseThrow();
        int perSample = header.format().bytesPerSample();
        int padded = (bytes + perSample - 1) / perSample * perSample;
        return new TextLayout(texts.stream()
                .map(text -> Arrays.copyOf(text.toByteArray(), padded))
                .toList());
    }

    /** The signals of a header and, last, the one that holds these texts. */
    List<EdfSignal> signals(EdfHeader header) {
        var format = header.format();
        int samples = records.get(0).length / format.bytesPerSample();
        var all = new ArrayList<>(header.signals());
        all.add(new EdfSignal(
                format.annotationsLabel(), "", "", -1, 1, format.leastDigital(), format.mostDigital(), "", samples));
        return all;
    }

    private static void requireInOrder(EdfHeader header, double[] onsets) {
        require(onsets[0] == 0, "the first record starts at 0 s, was %s", onsets[0]);
        for (int i = 1; i < onsets.length; i++) {
            double gap = onsets[i] - onsets[i - 1] - header.recordSeconds();
            require(gap >= -Stretch.TOLERANCE_SECONDS, "record %d starts before the one before it ends", i);
            require(
                    header.format().isDiscontinuous() || gap <= Stretch.TOLERANCE_SECONDS,
                    "%s has no gaps, record %d comes after one; write +D",
                    header.format().label(),
                    i);
        }
    }

    private static void write(List<ByteArrayOutputStream> texts, int record, String list) {
        texts.get(record).writeBytes(list.getBytes(StandardCharsets.UTF_8));
    }

    private static int record(double[] onsets, double onset) {
        int found = Arrays.binarySearch(onsets, onset);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    private static String list(Annotation annotation, BigDecimal fraction) {
        var text = annotation.text();
        require(!text.isEmpty() && !MARKS.matcher(text).find(), "'%s' cannot be an annotation", text);
        var duration = annotation
                .durationSeconds()
                .map(seconds -> "\u0015" + time(seconds, BigDecimal.ZERO).substring(1))
                .orElse("");
        return time(annotation.onsetSeconds(), fraction) + duration + "\u0014" + text + "\u0014\0";
    }

    /** Signed, without an exponent. */
    private static String time(double seconds, BigDecimal fraction) {
        var exact = BigDecimal.valueOf(seconds).add(fraction);
        var digits = exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
        require(digits.length() <= LONGEST_TIME, "%s s cannot be written as a time", seconds);
        return exact.signum() < 0 ? digits : "+" + digits;
    }
}
