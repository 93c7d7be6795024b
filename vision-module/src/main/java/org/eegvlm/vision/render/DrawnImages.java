package org.eegvlm.vision.render;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.night.TextRecording;
import org.eegvlm.core.signal.Window;

/**
 * Pictures drawn anew, from the recordings, on all processors; none is encoded but when an epoch is first asked for, to see
 * that it is the one whose hash the manifest tells. A bounded number of recordings stays open, because a training asks for
 * epochs of many nights in turn.
 */
final class DrawnImages implements EpochImages {

    private static final int MOST_OPEN = 64;

    private final Path manifest;
    private final EpochRenderer renderer;
    private final Set<String> proven = ConcurrentHashMap.newKeySet();
    private final Map<String, Opened> open = new LinkedHashMap<>(16, 0.75f, true); // the least recently used first

    private record Opened(Recording recording, EpochWindows windows) {}

    /** @param manifest with its {@code render.json} beside it */
    DrawnImages(Path manifest) throws IOException {
        this.manifest = manifest.toAbsolutePath();
        renderer = new EpochRenderer(RenderSpec.read(this.manifest.resolveSibling(RenderOutput.SPEC)));
    }

    @Override
    public List<EegImage> of(List<EpochRecord> epochs) throws IOException {
        var windows = new ArrayList<List<Window>>();
        for (var epoch : epochs) {
            windows.add(read(epoch));
        }
        var images = IntStream.range(0, epochs.size())
                .parallel()
                .mapToObj(i -> renderer.render(windows.get(i)))
                .toList();
        var others = IntStream.range(0, epochs.size())
                .parallel()
                .filter(i -> !isProven(epochs.get(i), images.get(i)))
                .findFirst();
        if (others.isPresent()) {
            var epoch = epochs.get(others.getAsInt());
            throw malformed(
                    epoch,
                    "the recording %s gives another picture than its hash tells; render again"
                            .formatted(epoch.recording()));
        }
        return images;
    }

    private boolean isProven(EpochRecord epoch, EegImage image) {
        if (!proven.contains(epoch.id()) && Sha256.of(image.png()).equals(epoch.sha256())) {
            proven.add(epoch.id());
        }
        return proven.contains(epoch.id());
    }

    private List<Window> read(EpochRecord epoch) throws IOException {
        if (!epoch.renderSpec().equals(renderer.spec().sha256())) {
            throw malformed(epoch, "its picture is of another spec than %s".formatted(RenderOutput.SPEC));
        }
        var opened = opened(epoch);
        boolean somewhere = epoch.onsetSeconds() >= 0
                && epoch.epochSeconds() == renderer.spec().epochSeconds();
        if (!somewhere
                || opened.recording
                        .recordedBefore(epoch.onsetSeconds(), epoch.epochSeconds())
                        .isEmpty()) {
            throw malformed(
                    epoch,
                    "it is not within the recording %s, or there is a gap in it".formatted(opened.recording.name()));
        }
        return opened.windows.read(epoch.onsetSeconds());
    }

    private MalformedDataException malformed(EpochRecord epoch, String problem) {
        return new MalformedDataException(manifest, "epoch " + epoch.id(), problem);
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
