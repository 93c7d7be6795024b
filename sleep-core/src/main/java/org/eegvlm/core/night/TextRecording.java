package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Channel;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.TextSignal;

/**
 * A recording of one channel as plain text, one sample a line; a first line in brackets is a title, as in the DREAMS
 * excerpts. The file is read whole when it is opened.
 */
public final class TextRecording implements Recording {

    /** A week at 400 Hz; they are held in memory. */
    private static final int MOST_SAMPLES = 1 << 28;

    private final Path file;
    private final Channel channel;
    private final float[] samples;

    private TextRecording(Path file, Channel channel, float[] samples) {
        this.file = file;
        this.channel = channel;
        this.samples = samples;
    }

    /** @throws MalformedDataException if a line is no number; it tells the line */
    public static TextRecording open(Path file, TextSignal signal) throws IOException {
        var samples = new float[1 << 16];
        int count = 0;
        try (var lines = TextLines.open(file)) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                if (TextLines.isSample(line.get(), lines.number())) {
                    if (count == MOST_SAMPLES) {
                        throw new MalformedDataException(file, "has more than %d samples".formatted(MOST_SAMPLES));
                    }
                    if (count == samples.length) {
                        samples = Arrays.copyOf(samples, 2 * count);
                    }
                    samples[count++] = (float) TextLines.number(file, lines.number(), line.get());
                }
            }
        }
        var channel = new Channel(0, signal.channel(), signal.unit(), signal.rateHz(), count);
        return new TextRecording(file, channel, Arrays.copyOf(samples, count));
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /** Empty: the text does not tell. */
    @Override
    public Optional<LocalDateTime> start() {
        return Optional.empty();
    }

    @Override
    public Duration duration() {
        return Duration.ofNanos(Math.round(samples.length / channel.samplingRateHz() * 1e9));
    }

    @Override
    public List<Channel> channels() {
        return List.of(channel);
    }

    @Override
    public List<Annotation> annotations() {
        return List.of();
    }

    @Override
    public long samplesInMemory() {
        return samples.length;
    }

    @Override
    public boolean simulated() {
        return false;
    }

    @Override
    public float[] microvolts(Channel channel, long first, int count) throws IOException {
        if (!channel.equals(this.channel)) {
            throw new IllegalArgumentException("%s has no %s".formatted(name(), channel));
        }
        if (first < 0 || count < 0 || first > samples.length - count) {
            throw new IllegalArgumentException("%s: samples %d to %d asked for, it has %d"
                    .formatted(name(), first, first + count, samples.length));
        }
        double scale = channel.microvoltsPerUnit()
                .orElseThrow(() -> new MalformedDataException(
                        file, "unit '%s' is no voltage (nV, uV, mV, V)".formatted(channel.unit())));
        var values = Arrays.copyOfRange(samples, (int) first, (int) first + count);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * scale);
        }
        return values;
    }

    @Override
    public void close() {}
}
