package org.eegvlm.core;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One night of signals. Reading is lazy, where {@link #samplesInMemory()} does not tell otherwise: nothing but the header is
 * read until samples are asked for.
 */
public interface Recording extends Closeable {

    /** What people call it: the file's name. */
    String name();

    /** When it started, where the file tells. */
    Optional<LocalDateTime> start();

    /** From the first sample to the end of the last, gaps included. */
    Duration duration();

    /** How long it was when it was recorded; more than {@link #duration()} where the file is cut off. */
    default Duration announcedDuration() {
        return duration();
    }

    /** The parts without a gap, in order of time. */
    default List<Stretch> stretches() {
        return List.of(new Stretch(0, duration().toNanos() / 1e9, 0));
    }

    List<Channel> channels();

    List<Annotation> annotations() throws IOException;

    /** What is odd about the file, a sentence each; it is read nevertheless. */
    default List<String> warnings() {
        return List.of();
    }

    /** How many samples it keeps in memory while it is open, four bytes each. */
    default long samplesInMemory() {
        return 0;
    }

    /** Whether the header says that a program made these signals. */
    boolean simulated();

    /**
     * Samples of one channel.
     *
     * @param first index of the first sample, from 0
     * @return {@code count} values in microvolts
     * @throws IllegalArgumentException if the range leaves the recording
     * @throws MalformedDataException if the channel's unit is no voltage, or the bytes break the format
     */
    float[] microvolts(Channel channel, long first, int count) throws IOException;

    /**
     * How many seconds were recorded before a window, gaps not counted: times a channel's rate, the index of the
     * window's first sample. Nothing where a gap, or the recording's end, is in the window.
     */
    default OptionalDouble recordedBefore(double onsetSeconds, double seconds) {
        return stretches().stream()
                .filter(stretch -> stretch.covers(onsetSeconds, seconds))
                .mapToDouble(stretch -> stretch.recordedBefore() + (onsetSeconds - stretch.onsetSeconds()))
                .findFirst();
    }

    /** When what was recorded after so many recorded seconds happened, from the recording's start. */
    default double onset(double recordedSeconds) {
        double gaps = 0;
        for (var stretch : stretches()) {
            if (stretch.recordedBefore() <= recordedSeconds) {
                gaps = stretch.onsetSeconds() - stretch.recordedBefore();
            }
        }
        return recordedSeconds + gaps;
    }

    /** The channel with this label; spaces around it and letter case do not count. */
    default Channel channel(String label) {
        return channels().stream()
                .filter(channel -> channel.label().strip().equalsIgnoreCase(label.strip()))
                .findFirst()
                .orElseThrow(() -> new UnknownChannelException(this, label));
    }
}
