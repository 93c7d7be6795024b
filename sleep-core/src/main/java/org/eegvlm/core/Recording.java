package org.eegvlm.core;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/** One night of signals. Reading is lazy: nothing but the header is read until samples are asked for. */
public interface Recording extends Closeable {

    /** What people call it: the file's name. */
    String name();

    /** When it started, where the file tells. */
    Optional<LocalDateTime> start();

    Duration duration();

    List<Channel> channels();

    List<Annotation> annotations() throws IOException;

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

    /** The channel with this label; spaces around it and letter case do not count. */
    default Channel channel(String label) {
        return channels().stream()
                .filter(channel -> channel.label().strip().equalsIgnoreCase(label.strip()))
                .findFirst()
                .orElseThrow(() -> new UnknownChannelException(this, label));
    }
}
