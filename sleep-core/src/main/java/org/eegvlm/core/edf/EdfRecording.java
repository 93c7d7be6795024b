package org.eegvlm.core.edf;

import java.io.IOException;
import java.math.BigDecimal;
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
import org.eegvlm.core.Stretch;

/**
 * A recording in an EDF, EDF+, BDF or BDF+ file; which of them it is, its content tells.
 *
 * <p>Opening reads the header, and of a discontinuous file (+D) the time stamps, since its gaps are kept: samples are
 * counted without them, {@link #stretches()} tells where they are. Samples are read window by window, so that a night
 * larger than memory is no problem. A file that is cut off is read as far as its last whole record, and {@link
 * #warnings()} says so. Several threads may read at once.
 */
public final class EdfRecording implements Recording {

    private static final double NANOS = 1e9;

    private final Path file;
    private final FileChannel bytes;
    private final HeaderReader.Parsed parsed;
    private final DataRecords records;
    private final AnnotationSignals texts;
    private final List<Channel> channels;
    private final BigDecimal firstOnset;
    private final List<Stretch> stretches;

    private EdfRecording(Path file, FileChannel bytes, HeaderReader.Parsed parsed) throws IOException {
        this.file = file;
        this.bytes = bytes;
        this.parsed = parsed;
        this.records = new DataRecords(file, bytes, parsed.header(), parsed.records());
        this.texts = new AnnotationSignals(file, parsed.header(), records);
        this.channels = channels(parsed.header(), parsed.records());
        this.firstOnset = texts.recordOnset(0).orElse(BigDecimal.ZERO);
        this.stretches = mayHaveGaps()
                ? texts.stretches()
                : List.of(new Stretch(0, parsed.records() * parsed.header().recordSeconds(), 0));
    }

    /**
     * @throws MalformedEdfException if the header cannot be understood, or the gaps of a discontinuous file cannot
     */
    public static EdfRecording open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such recording");
        }
        var bytes = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new EdfRecording(file, bytes, HeaderReader.read(file, bytes));
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    public EdfHeader header() {
        return parsed.header();
    }

    /** How many data records there are, whole ones. */
    public long records() {
        return parsed.records();
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /** When the first sample was taken, to the fraction of a second that EDF+ tells. */
    @Override
    public Optional<LocalDateTime> start() {
        long nanos = Math.round(firstOnset.doubleValue() * NANOS);
        return header().start().map(start -> start.plusNanos(nanos));
    }

    @Override
    public Duration duration() {
        return seconds(stretches.get(stretches.size() - 1).endSeconds());
    }

    @Override
    public Duration announcedDuration() {
        double missing = (parsed.announced() - parsed.records()) * header().recordSeconds();
        return seconds(stretches.get(stretches.size() - 1).endSeconds() + missing);
    }

    @Override
    public List<Stretch> stretches() {
        return stretches;
    }

    /** All signals but the annotations. */
    @Override
    public List<Channel> channels() {
        return channels;
    }

    /** What is odd about the header and the file's length; what is about the annotations, {@link EdfInfo} tells. */
    @Override
    public List<String> warnings() {
        return parsed.warnings();
    }

    @Override
    public boolean simulated() {
        return header().simulated();
    }

    /**
     * By onset, from the first sample.
     *
     * @throws MalformedEdfException if one of them cannot be read: it might be a stage
     */
    @Override
    public List<Annotation> annotations() throws IOException {
        var found = texts();
        if (found.unreadable().isPresent()) {
            throw found.unreadable().get();
        }
        return found.annotations();
    }

    /** The annotations that can be read, and what is odd about the others. */
    AnnotationSignals.Texts texts() throws IOException {
        return texts.read(firstOnset);
    }

    @Override
    public float[] microvolts(Channel channel, long first, int count) throws IOException {
        double scale = microvoltsPer(channel);
        var signal = calibrated(channel, first, count);
        var values = new float[count];
        records.read(
                channel.index(),
                first,
                count,
                (digital, length, at) -> signal.physical(digital, length, scale, values, (int) at));
        return values;
    }

    /**
     * Samples of one channel in the channel's own unit.
     *
     * @throws IllegalArgumentException if the range leaves the recording
     * @throws MalformedEdfException if the header's ranges do not tell what the numbers stand for
     */
    public double[] physical(Channel channel, long first, int count) throws IOException {
        var signal = calibrated(channel, first, count);
        var values = new double[count];
        records.read(channel.index(), first, count, (digital, length, at) -> {
            for (int i = 0; i < length; i++) {
                values[(int) at + i] = signal.physical(digital[i]);
            }
        });
        return values;
    }

    /**
     * Samples of one channel as the recorder counted them.
     *
     * @throws IllegalArgumentException if the range leaves the recording
     */
    public int[] digital(Channel channel, long first, int count) throws IOException {
        requireWithin(channel, first, count);
        var values = new int[count];
        records.read(
                channel.index(),
                first,
                count,
                (digital, length, at) -> System.arraycopy(digital, 0, values, (int) at, length));
        return values;
    }

    DataRecords dataRecords() {
        return records;
    }

    /** Every sample of a channel, block by block. */
    void forEachBlock(Channel channel, DataRecords.Sink sink) throws IOException {
        records.read(channel.index(), 0, channel.samples(), sink);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private boolean mayHaveGaps() {
        return header().format().isDiscontinuous() && header().recordSeconds() > 0 && records() > 0;
    }

    private static List<Channel> channels(EdfHeader header, long records) {
        var channels = new ArrayList<Channel>();
        for (int i = 0; i < header.signals().size(); i++) {
            var signal = header.signals().get(i);
            if (!signal.isAnnotations() && signal.samplesPerRecord() > 0) {
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

    private EdfSignal calibrated(Channel channel, long first, int count) throws MalformedEdfException {
        requireWithin(channel, first, count);
        var signal = header().signals().get(channel.index());
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
        return signal;
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

    /** At most the three centuries that a count of nanoseconds holds, whatever a header claims. */
    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
