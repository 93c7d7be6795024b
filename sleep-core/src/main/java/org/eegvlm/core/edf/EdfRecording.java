package org.eegvlm.core.edf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Channel;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;

/**
 * A recording in an EDF, EDF+ or BDF file.
 *
 * <p>Opening reads the header only and refuses a file that ends before its last record. Samples are read window by
 * window, so that a night larger than memory is no problem. A discontinuous file (EDF+D) opens where its records follow
 * each other after all; where there is a gap it is refused, because sample times would be wrong after it. Several
 * threads may read at once.
 */
public final class EdfRecording implements Recording {

    private static final double NANOS = 1e9;
    private static final int MOST_TEXTS = 1_000_000;
    private static final double RECORD_TOLERANCE_SECONDS = 1e-3;

    private final Path file;
    private final FileChannel bytes;
    private final EdfHeader header;
    private final long records;
    private final long[] signalOffsets;
    private final List<Channel> channels;
    private final double firstOnset;

    private EdfRecording(Path file, FileChannel bytes, EdfHeader header, long records) throws IOException {
        this.file = file;
        this.bytes = bytes;
        this.header = header;
        this.records = records;
        this.signalOffsets = header.byteOffsets();
        this.channels = channels(header, records);
        this.firstOnset = records > 0 ? recordOnset(0) : 0;
        if (header.isDiscontinuous()) {
            refuseGaps();
        }
    }

    /**
     * @throws MalformedEdfException if the header breaks the specification, records are missing, or there is a gap
     */
    public static EdfRecording open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such recording");
        }
        var bytes = FileChannel.open(file, StandardOpenOption.READ);
        try {
            var parsed = EdfHeaderReader.read(file, bytes);
            return new EdfRecording(file, bytes, parsed.header(), parsed.records());
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    public EdfHeader header() {
        return header;
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public Optional<LocalDateTime> start() {
        return header.start().map(start -> start.plusNanos(Math.round(firstOnset * NANOS)));
    }

    @Override
    public Duration duration() {
        return Duration.ofNanos(Math.round(records * header.recordSeconds() * NANOS));
    }

    /** All signals but the annotations. */
    @Override
    public List<Channel> channels() {
        return channels;
    }

    @Override
    public boolean simulated() {
        return header.simulated();
    }

    @Override
    public List<Annotation> annotations() throws IOException {
        var annotations = new ArrayList<Annotation>();
        for (long record = 0; record < records; record++) {
            for (int signal = 0; signal < header.signals().size(); signal++) {
                if (header.signals().get(signal).isAnnotations()) {
                    texts(signal, record).stream()
                            .filter(text -> !text.text().isEmpty())
                            .map(this::fromFirstSample)
                            .forEach(annotations::add);
                    requireFew(annotations.size(), record);
                }
            }
        }
        return annotations;
    }

    @Override
    public float[] microvolts(Channel channel, long first, int count) throws IOException {
        double scale = microvoltsPer(channel);
        var values = physical(channel, first, count);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * scale);
        }
        return values;
    }

    /**
     * Samples of one channel in the channel's own unit.
     *
     * @throws IllegalArgumentException if the range leaves the recording
     * @throws MalformedEdfException if the header's ranges do not tell what the numbers stand for
     */
    public float[] physical(Channel channel, long first, int count) throws IOException {
        requireWithin(channel, first, count);
        var signal = header.signals().get(channel.index());
        if (!signal.isCalibrated()) {
            throw new MalformedEdfException(
                    file,
                    EdfHeader.FIXED_BYTES,
                    "physical and digital range of '%s'".formatted(signal.label()),
                    "a range of no width: %s..%s for digital %d..%d"
                            .formatted(
                                    signal.physicalMinimum(),
                                    signal.physicalMaximum(),
                                    signal.digitalMinimum(),
                                    signal.digitalMaximum()));
        }
        var values = new float[count];
        int done = 0;
        while (done < count) {
            long record = (first + done) / signal.samplesPerRecord();
            int within = (int) ((first + done) % signal.samplesPerRecord());
            int run = Math.min(count - done, signal.samplesPerRecord() - within);
            var samples = read(channel.index(), record, within, run);
            for (int i = 0; i < run; i++) {
                values[done + i] = (float) signal.physical(digital(samples, i));
            }
            done += run;
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private static List<Channel> channels(EdfHeader header, long records) {
        var channels = new ArrayList<Channel>();
        for (int i = 0; i < header.signals().size(); i++) {
            var signal = header.signals().get(i);
            if (!signal.isAnnotations()) {
                channels.add(new Channel(
                        i,
                        signal.label(),
                        signal.unit(),
                        signal.samplesPerRecord() / header.recordSeconds(),
                        records * signal.samplesPerRecord()));
            }
        }
        return List.copyOf(channels);
    }

    private void requireWithin(Channel channel, long first, int count) {
        if (!channels.contains(channel)) {
            throw new IllegalArgumentException("%s has no %s".formatted(name(), channel));
        }
        if (first < 0 || count < 0 || first > channel.samples() - count) {
            throw new IllegalArgumentException("%s, '%s': samples %d to %d asked for, it has %d"
                    .formatted(name(), channel.label(), first, first + count, channel.samples()));
        }
    }

    private double microvoltsPer(Channel channel) throws MalformedDataException {
        return channel.microvoltsPerUnit()
                .orElseThrow(() -> new MalformedDataException(
                        file,
                        "channel '%s'".formatted(channel.label()),
                        "its unit is '%s', which is no voltage (nV, uV, mV, V)".formatted(channel.unit())));
    }

    private void requireFew(int texts, long record) throws MalformedEdfException {
        if (texts > MOST_TEXTS) {
            throw new MalformedEdfException(
                    file,
                    header.headerBytes() + record * recordBytes(),
                    "EDF Annotations",
                    "more than %d annotations; keep those of this night".formatted(MOST_TEXTS));
        }
    }

    /** Onsets count from the header's start; the first record may start a fraction of a second later. */
    private Annotation fromFirstSample(Annotation text) {
        return new Annotation(text.onsetSeconds() - firstOnset, text.durationSeconds(), text.text());
    }

    private double recordOnset(long record) throws IOException {
        for (int signal = 0; signal < header.signals().size(); signal++) {
            if (header.signals().get(signal).isAnnotations()) {
                var texts = texts(signal, record);
                return texts.isEmpty()
                        ? record * header.recordSeconds()
                        : texts.get(0).onsetSeconds();
            }
        }
        return record * header.recordSeconds();
    }

    private void refuseGaps() throws IOException {
        for (long record = 1; record < records; record++) {
            double gap = recordOnset(record) - firstOnset - record * header.recordSeconds();
            if (Math.abs(gap) > RECORD_TOLERANCE_SECONDS) {
                throw new MalformedEdfException(
                        file,
                        header.headerBytes() + record * recordBytes(),
                        "EDF Annotations",
                        "the recording was interrupted: record %d starts %.3f s off its place; split it at the gap"
                                .formatted(record, gap));
            }
        }
    }

    private List<Annotation> texts(int signal, long record) throws IOException {
        int samples = header.signals().get(signal).samplesPerRecord();
        var text = read(signal, record, 0, samples).array();
        return TimestampedTexts.parse(file, offset(signal, record, 0), text);
    }

    private long offset(int signal, long record, int sample) {
        return header.headerBytes()
                + record * recordBytes()
                + signalOffsets[signal]
                + (long) sample * header.bytesPerSample();
    }

    private long recordBytes() {
        return signalOffsets[signalOffsets.length - 1];
    }

    private ByteBuffer read(int signal, long record, int sample, int count) throws IOException {
        var buffer = ByteBuffer.allocate(Math.multiplyExact(count, header.bytesPerSample()));
        long offset = offset(signal, record, sample);
        while (buffer.hasRemaining()) {
            if (bytes.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException("%s was shortened while it was read".formatted(file));
            }
        }
        return buffer;
    }

    /** Little-endian two's complement of 16 or 24 bits. */
    private int digital(ByteBuffer samples, int index) {
        int at = index * header.bytesPerSample();
        int low = samples.get(at) & 0xff;
        return header.bytesPerSample() == 2
                ? samples.get(at + 1) << 8 | low
                : samples.get(at + 2) << 16 | (samples.get(at + 1) & 0xff) << 8 | low;
    }
}
