package org.eegvlm.core.edf;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eegvlm.core.Annotation;

/**
 * Writes EDF: plain files record by record, and EDF+C files that hold nothing but annotations, as Sleep-EDF's
 * hypnograms do. The number of records is told beforehand, so that a file cut short is seen to be one.
 */
public final class EdfWriter implements Closeable {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd.MM.yy", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH.mm.ss", Locale.ROOT);

    private final OutputStream out;
    private final EdfHeader header;
    private final long records;
    private long written;

    private EdfWriter(OutputStream out, EdfHeader header, long records) {
        this.out = out;
        this.header = header;
        this.records = records;
    }

    /** Starts a file of 16-bit samples that will hold the given number of records; an existing file is replaced. */
    public static EdfWriter create(Path file, EdfHeader header, long records) throws IOException {
        if (header.bytesPerSample() != 2) {
            throw new IllegalArgumentException("only 16-bit EDF is written, not BDF");
        }
        var text = headerText(header, records);
        var out = Files.newOutputStream(file);
        var writer = new EdfWriter(out, header, records);
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return writer;
    }

    /** Writes an EDF+C file with one record and no signal but these annotations. */
    public static void writeAnnotations(
            Path file, String patient, String recording, LocalDateTime start, List<Annotation> annotations)
            throws IOException {
        var texts = new StringBuilder("+0\u0014\u0014\0");
        annotations.forEach(annotation -> texts.append(timestamped(annotation)));
        var bytes = texts.toString().getBytes(StandardCharsets.UTF_8);
        int samples = (bytes.length + 1) / 2;
        var signal = new EdfSignal("EDF Annotations", "", "", -1, 1, -32768, 32767, "", samples);
        var header = new EdfHeader(patient, recording, Optional.of(start), "EDF+C", 0, 2, List.of(signal));
        try (var writer = create(file, header, 1)) {
            writer.out.write(Arrays.copyOf(bytes, samples * 2));
            writer.written++;
        }
    }

    /**
     * Appends one data record.
     *
     * @param physical for each signal its samples of this record, in the signal's unit; clipped to its range
     */
    public void append(double[][] physical) throws IOException {
        if (written == records) {
            throw new IllegalStateException("all %d records are written".formatted(records));
        }
        var bytes = new byte[Math.toIntExact(header.recordBytes())];
        int at = 0;
        for (int i = 0; i < header.signals().size(); i++) {
            var signal = header.signals().get(i);
            if (physical[i].length != signal.samplesPerRecord()) {
                throw new IllegalArgumentException("a record holds %d samples of '%s', %d given"
                        .formatted(signal.samplesPerRecord(), signal.label(), physical[i].length));
            }
            for (double value : physical[i]) {
                int digital = signal.digital(value);
                bytes[at++] = (byte) digital;
                bytes[at++] = (byte) (digital >> 8);
            }
        }
        out.write(bytes);
        written++;
    }

    /** @throws IllegalStateException if fewer records were written than promised */
    @Override
    public void close() throws IOException {
        out.close();
        if (written != records) {
            throw new IllegalStateException("%d of %d records were written".formatted(written, records));
        }
    }

    private static String headerText(EdfHeader header, long records) {
        var start = header.start().orElseThrow(() -> new IllegalArgumentException("EDF needs a start time"));
        var text = new StringBuilder()
                .append(padded("0", 8))
                .append(padded(header.patient(), 80))
                .append(padded(header.recording(), 80))
                .append(DATE.format(start))
                .append(TIME.format(start))
                .append(padded(String.valueOf(header.headerBytes()), 8))
                .append(padded(header.reserved(), 44))
                .append(padded(String.valueOf(records), 8))
                .append(padded(number(header.recordSeconds()), 8))
                .append(padded(String.valueOf(header.signals().size()), 4));
        column(text, header, 16, EdfSignal::label);
        column(text, header, 80, EdfSignal::transducer);
        column(text, header, 8, EdfSignal::unit);
        column(text, header, 8, signal -> number(signal.physicalMinimum()));
        column(text, header, 8, signal -> number(signal.physicalMaximum()));
        column(text, header, 8, signal -> String.valueOf(signal.digitalMinimum()));
        column(text, header, 8, signal -> String.valueOf(signal.digitalMaximum()));
        column(text, header, 80, EdfSignal::prefilter);
        column(text, header, 8, signal -> String.valueOf(signal.samplesPerRecord()));
        column(text, header, 32, signal -> "");
        return text.toString();
    }

    private static void column(StringBuilder text, EdfHeader header, int width, Function<EdfSignal, String> value) {
        header.signals().forEach(signal -> text.append(padded(value.apply(signal), width)));
    }

    private static String padded(String value, int width) {
        if (value.length() > width) {
            throw new IllegalArgumentException("'%s' is longer than its %d characters".formatted(value, width));
        }
        return value + " ".repeat(width - value.length());
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static String timestamped(Annotation annotation) {
        var parts = new ArrayList<String>();
        parts.add((annotation.onsetSeconds() < 0 ? "" : "+") + number(annotation.onsetSeconds()));
        annotation.durationSeconds().ifPresent(duration -> parts.add("\u0015" + number(duration)));
        parts.add("\u0014" + annotation.text() + "\u0014\0");
        return String.join("", parts);
    }
}
