package org.eegvlm.vision.render;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Recording;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.night.Recordings;

/**
 * The recordings of a manifest's epochs, opened when they are first asked for. They stay open, because a training asks for
 * epochs of many nights in turn, until others need their place: an EDF takes a file handle, a text the memory of all its
 * samples. For one thread.
 */
final class OpenRecordings implements Closeable {

    /** Well below the thousand or so file handles that a process may have. */
    private static final int MOST = 64;

    private final Path manifest;
    private final RenderSpec spec;
    private final long mostSamples;
    private final Map<Source, Opened> open = new LinkedHashMap<>(16, 0.75f, true); // the least recently used first

    /** What an epoch is read from; epochs of one source need one recording open. */
    record Source(String recording, List<String> channels, Optional<TextSignal> text) {
        static Source of(EpochRecord epoch) {
            return new Source(epoch.recording(), epoch.channels(), epoch.text());
        }
    }

    /** Closed by whoever opened it, perhaps as soon as another source is asked for. */
    record Opened(Recording recording, EpochWindows windows) {}

    /** @param mostSamples how many samples may be in memory at once, unless a single recording has more */
    OpenRecordings(Path manifest, RenderSpec spec, long mostSamples) {
        this.manifest = manifest;
        this.spec = spec;
        this.mostSamples = mostSamples;
    }

    /** @throws IllegalArgumentException if the recording lacks a channel, or its rate does not suit the conditioning */
    Opened of(EpochRecord epoch) throws IOException {
        var source = Source.of(epoch);
        var known = open.get(source);
        if (known != null) {
            return known;
        }
        var opened = open(source);
        open.put(source, opened);
        for (var others = open.values().iterator(); tooMuchIsOpen(); ) {
            var unused = others.next();
            others.remove();
            unused.recording.close();
        }
        return opened;
    }

    private boolean tooMuchIsOpen() {
        long samples = open.values().stream()
                .mapToLong(opened -> opened.recording.samplesInMemory())
                .sum();
        return open.size() > MOST || open.size() > 1 && samples > mostSamples;
    }

    private Opened open(Source source) throws IOException {
        var file = manifest.resolveSibling(source.recording);
        var recording = Recordings.open(file, source.text);
        try {
            return new Opened(recording, new EpochWindows(recording, source.channels, spec));
        } catch (RuntimeException e) {
            recording.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        closeAll(open.values().iterator());
        open.clear();
    }

    /** Also those after one that cannot be closed. */
    private static void closeAll(Iterator<Opened> rest) throws IOException {
        if (rest.hasNext()) {
            try {
                rest.next().recording.close();
            } finally {
                closeAll(rest);
            }
        }
    }
}
