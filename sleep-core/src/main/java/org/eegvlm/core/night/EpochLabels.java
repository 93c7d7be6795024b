package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.eegvlm.core.io.Output;

/** A night as {@code onset,label,duration} in seconds, a line an epoch; EDFbrowser imports it. */
public final class EpochLabels {

    private final Duration epochLength;
    private final StringBuilder text = new StringBuilder("onset,label,duration\n");

    public EpochLabels(Duration epochLength) {
        this.epochLength = epochLength;
    }

    /** @param epoch from 0, the recording's first */
    public void add(int epoch, String label) {
        text.append(seconds(epochLength.multipliedBy(epoch)))
                .append(',')
                .append(label)
                .append(',')
                .append(seconds(epochLength))
                .append('\n');
    }

    /** Writes the file, whole or not at all. */
    public void write(Path file) throws IOException {
        Output.writeAtomically(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1e3);
    }
}
