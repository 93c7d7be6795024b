package org.eegvlm.vision.render;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.signal.Window;
import org.eegvlm.vision.render.OpenRecordings.Source;

/**
 * Pictures drawn anew, from the recordings, on all processors; none is encoded but when an epoch is first asked for, to see
 * that it is the one whose hash the manifest tells.
 */
final class DrawnImages implements EpochImages {

    /** 256 MB, a quarter of the heap that a command is given. */
    private static final long MOST_SAMPLES = 1L << 26;

    /** That many epochs are remembered as proven, in some 12 MB; those beyond are proven whenever they are asked for. */
    private static final int MOST_PROVEN = 1 << 17;

    private final Path manifest;
    private final EpochRenderer renderer;
    private final OpenRecordings recordings;
    private final Set<String> proven = ConcurrentHashMap.newKeySet();

    /** @param manifest with its {@code render.json} beside it */
    DrawnImages(Path manifest) throws IOException {
        this.manifest = manifest.toAbsolutePath();
        renderer = new EpochRenderer(RenderSpec.read(this.manifest.resolveSibling(RenderOutput.SPEC)));
        recordings = new OpenRecordings(this.manifest, renderer.spec(), MOST_SAMPLES);
    }

    @Override
    public List<EegImage> of(List<EpochRecord> epochs) throws IOException {
        var windows = read(epochs);
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
                    "the recording %s gives another picture than its hash tells, or this version draws otherwise; render again"
                            .formatted(epoch.recording()));
        }
        return images;
    }

    private boolean isProven(EpochRecord epoch, EegImage image) {
        if (proven.contains(epoch.id())) {
            return true;
        }
        boolean same = Sha256.of(image.png()).equals(epoch.sha256());
        if (same && proven.size() < MOST_PROVEN) {
            proven.add(epoch.id());
        }
        return same;
    }

    /** The windows of each epoch, in their order; epochs of one recording are read together, so that it is opened once. */
    private List<List<Window>> read(List<EpochRecord> epochs) throws IOException {
        var bySource = IntStream.range(0, epochs.size())
                .boxed()
                .collect(groupingBy(i -> Source.of(epochs.get(i)), LinkedHashMap::new, toList()));
        var windows = new ArrayList<>(Collections.nCopies(epochs.size(), List.<Window>of()));
        for (var together : bySource.values()) {
            for (int i : together) {
                windows.set(i, read(epochs.get(i)));
            }
        }
        return windows;
    }

    private List<Window> read(EpochRecord epoch) throws IOException {
        if (!epoch.renderSpec().equals(renderer.spec().sha256())) {
            throw malformed(epoch, "its picture is of another spec than %s".formatted(RenderOutput.SPEC));
        }
        var opened = recordings.of(epoch);
        if (epoch.epochSeconds() != renderer.spec().epochSeconds() || !epoch.isWithin(opened.recording())) {
            throw epoch.notWithin(opened.recording(), manifest);
        }
        return opened.windows().read(epoch.onsetSeconds());
    }

    private MalformedDataException malformed(EpochRecord epoch, String problem) {
        return new MalformedDataException(manifest, "epoch " + epoch.id(), problem);
    }

    @Override
    public void close() throws IOException {
        renderer.close();
        recordings.close();
    }
}
