package org.eegvlm.core.signal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.night.Recordings;

/**
 * Reads the signals of manifest rows again. The recording last asked for stays open, since the rows of a night follow
 * each other. For one thread.
 */
public final class EpochSignals implements Closeable {

    private final Path manifest;
    private Optional<Opened> last = Optional.empty();

    private record Opened(String path, Optional<TextSignal> text, Recording recording) {
        boolean isOf(EpochRecord epoch) {
            return path.equals(epoch.recording()) && text.equals(epoch.text());
        }
    }

    public EpochSignals(Path manifest) {
        this.manifest = manifest.toAbsolutePath();
    }

    /**
     * @param derivation what {@link Derivation#in} understands; the epoch's own are in {@link EpochRecord#channels}
     * @throws org.eegvlm.core.UnknownChannelException if the recording has no such channel
     * @throws MalformedDataException if the epoch is not within the recording, or the recording breaks its format
     */
    public Window read(EpochRecord epoch, String derivation) throws IOException {
        var recording = recording(epoch);
        var signals = new ConditionedSignals(recording, List.of(derivation), Conditioning.NONE);
        if (!epoch.isWithin(recording)) {
            throw epoch.notWithin(recording, manifest);
        }
        return signals.read(epoch.onsetSeconds(), epoch.epochSeconds()).get(0);
    }

    /** What the first of the epoch's rendered channels shows. */
    public Findings findings(EpochRecord epoch) throws IOException {
        var window = read(epoch, epoch.channels().get(0));
        return Findings.of(window.microvolts(), window.rateHz());
    }

    @Override
    public void close() throws IOException {
        if (last.isPresent()) {
            last.get().recording.close();
        }
    }

    private Recording recording(EpochRecord epoch) throws IOException {
        if (last.isEmpty() || !last.get().isOf(epoch)) {
            close();
            last = Optional.empty();
            var recording = Recordings.open(manifest.resolveSibling(epoch.recording()), epoch.text());
            last = Optional.of(new Opened(epoch.recording(), epoch.text(), recording));
        }
        return last.get().recording;
    }
}
