package org.eegvlm.core.edf;

import static org.eegvlm.core.Preconditions.require;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.eegvlm.core.Annotation;

/**
 * Writes any kind of EDF and BDF file, record by record. The number of records is told beforehand, so that a file cut
 * short is seen to be one; so are the annotations, since every record leaves the same room for them.
 */
public final class EdfWriter implements Closeable {

    private final OutputStream out;
    private final EdfHeader header;
    private final List<byte[]> texts;
    private final long records;
    private final byte[] record;
    private long written;

    private EdfWriter(OutputStream out, EdfHeader header, List<byte[]> texts, long records) {
        this.out = out;
        this.header = header;
        this.texts = texts;
        this.records = records;
        this.record = new byte[Math.toIntExact(header.recordBytes())];
    }

    /** Starts a file without annotations or gaps that will hold the given records; an existing file is replaced. */
    public static EdfWriter create(Path file, EdfHeader header, long records) throws IOException {
        if (!header.format().isPlus()) {
            require(
                    header.start().map(LocalDateTime::getNano).orElse(0) == 0,
                    "plain %s knows whole seconds only; start at one, or write %s+C",
                    header.format().label(),
                    header.format().label());
            return start(file, header, List.of(), records);
        }
        double length = header.recordSeconds();
        var onsets = LongStream.range(0, records).mapToDouble(i -> i * length).toArray();
        return create(file, header, onsets, List.of());
    }

    /**
     * Starts an EDF+ or BDF+ file; an existing file is replaced.
     *
     * @param recordOnsets when each record starts, in seconds from the first sample; without gaps unless the format is +D
     * @param annotations by their onset from the first sample
     */
    public static EdfWriter create(Path file, EdfHeader header, double[] recordOnsets, List<Annotation> annotations)
            throws IOException {
        require(
                header.format().isPlus(),
                "%s has no annotations; write EDF+ or BDF+",
                header.format().label());
        require(
                header.signals().stream().noneMatch(EdfSignal::isAnnotations),
                "the signal for annotations is added by the writer");
        var texts = TextLayout.of(header, recordOnsets, annotations);
        return start(file, header.withSignals(texts.signals(header)), texts.records(), recordOnsets.length);
    }

    /** Writes an EDF+C file with one record and no signal but these annotations. */
    public static void writeAnnotations(
            Path file, String patient, String recording, LocalDateTime start, List<Annotation> annotations)
            throws IOException {
        var header = new EdfHeader(EdfFormat.EDF_C, patient, recording, Optional.of(start), 0, List.of());
        try (var writer = create(file, header, new double[] {0}, annotations)) {
            writer.append(new int[0][]);
        }
    }

    /**
     * Appends one data record.
     *
     * @param physical for each signal its samples of this record, in the signal's unit; clipped to its range
     */
    public void append(double[][] physical) throws IOException {
        var digital = new int[physical.length][];
        for (int i = 0; i < physical.length; i++) {
            var signal = header.signals().get(i);
            digital[i] = new int[physical[i].length];
            for (int j = 0; j < digital[i].length; j++) {
                require(!Double.isNaN(physical[i][j]), "a sample of '%s' is no number", signal.label());
                digital[i][j] = signal.digital(physical[i][j]);
            }
        }
        append(digital);
    }

    /**
     * Appends one data record as it will stand in the file.
     *
     * @param digital for each signal its samples of this record
     */
    public void append(int[][] digital) throws IOException {
        if (written == records) {
            throw new IllegalStateException("all %d records are written".formatted(records));
        }
        int signals = header.signals().size() - (texts.isEmpty() ? 0 : 1);
        require(digital.length == signals, "a record holds %d signals, %d given", signals, digital.length);
        int at = 0;
        for (int i = 0; i < signals; i++) {
            at = encode(header.signals().get(i), digital[i], at);
        }
        if (!texts.isEmpty()) {
            var text = texts.get((int) written);
            System.arraycopy(text, 0, record, at, text.length);
        }
        out.write(record);
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

    private static EdfWriter start(Path file, EdfHeader header, List<byte[]> texts, long records) throws IOException {
        var head = HeaderText.of(header, records);
        var out = Files.newOutputStream(file);
        try {
            out.write(head);
            return new EdfWriter(out, header, texts, records);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    private int encode(EdfSignal signal, int[] digital, int from) {
        require(
                digital.length == signal.samplesPerRecord(),
                "a record holds %d samples of '%s', %d given",
                signal.samplesPerRecord(),
                signal.label(),
                digital.length);
        var format = header.format();
        int at = from;
        for (int value : digital) {
            require(
                    format.leastDigital() <= value && value <= format.mostDigital(),
                    "%d does not fit in a sample of %s",
                    value,
                    format.label());
            for (int i = 0; i < format.bytesPerSample(); i++) {
                record[at++] = (byte) (value >> 8 * i);
            }
        }
        return at;
    }
}
