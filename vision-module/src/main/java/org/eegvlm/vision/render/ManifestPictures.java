package org.eegvlm.vision.render;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.night.TextRecording;
import org.eegvlm.core.signal.Window;

/**
 * Draws epochs of a manifest anew, from their recordings: for training, which needs no picture file then. The pictures
 * are those that {@link EpochRendering} writes, pixel by pixel. A bounded number of recordings stays open, because a
 * training asks for epochs of many nights in turn. For one thread, which draws on all processors.
 */
public final class ManifestPictures implements Closeable {

    private static final int MOST_OPEN = 64;

    private final Path manifest;
    private final EpochRenderer renderer;
    private final Map<String, Opened> open = new LinkedHashMap<>(16, 0.75f, true); // the least recently used first

    private record Opened(Recording recording, EpochWindows windows) {}

    /** @param spec the one that the manifest's epochs name */
    public ManifestPictures(Path manifest, RenderSpec spec) {
        this.manifest = manifest.toAbsolutePath();
        renderer = new EpochRenderer(spec);
    }

    /**
     * The pictures of some epochs, in their order.
     *
     * @throws MalformedDataException if an epoch is not within its recording, or the recording breaks its format
     */
    public List<EegImage> draw(List<EpochRecord> epochs) throws IOException {
        var windows = new ArrayList<List<Window>>();
        for (var epoch : epochs) {
            windows.add(read(epoch));
        }
        return IntStream.range(0, windows.size())
                .parallel()
                .mapToObj(i -> renderer.render(windows.get(i)))
                .toList();
    }

    private List<Window> read(EpochRecord epoch) throws IOException {
        var opened = opened(epoch);
        boolean recorded = opened.recording
                .recordedBefore(epoch.onsetSeconds(), epoch.epochSeconds())
                .isPresent();
        if (!recorded) {
            throw new MalformedDataException(
                    manifest,
                    "epoch " + epoch.id(),
                    "it is not within the recording %s, or there is a gap in it".formatted(opened.recording.name()));
        }
        return opened.windows.read(epoch.onsetSeconds());
    }

    private Opened opened(EpochRecord epoch) throws IOException {
        var key = epoch.recording() + epoch.channels();
        var known = open.get(key);
        if (known != null) {
            return known;
        }
        if (open.size() == MOST_OPEN) {
            closeFirst(open.values().iterator());
        }
        var file = manifest.resolveSibling(epoch.recording());
        var recording =
                epoch.text().isPresent() ? TextRecording.open(file, epoch.text().get()) : EdfRecording.open(file);
        try {
            var opened = new Opened(recording, new EpochWindows(recording, epoch.channels(), renderer.spec()));
            open.put(key, opened);
            return opened;
        } catch (IllegalArgumentException e) {
            recording.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        renderer.close();
        for (var each = open.values().iterator(); each.hasNext(); ) {
            closeFirst(each);
        }
    }

    private static void closeFirst(Iterator<Opened> opened) throws IOException {
        var first = opened.next();
        opened.remove();
        first.recording.close();
    }
}
