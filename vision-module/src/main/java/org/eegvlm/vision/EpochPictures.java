package org.eegvlm.vision;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochImages;
import org.eegvlm.vision.render.RenderSpec;

/**
 * The epochs that a manifest lists, and their pictures, all drawn by one spec.
 *
 * @param images where the pictures come from; closed with it
 */
record EpochPictures(EpochManifest manifest, RenderSpec spec, EpochImages images) implements Closeable {

    private static final String SPEC = "render.json";

    /** @throws MalformedDataException if an epoch was drawn by another spec than {@code render.json} tells */
    static EpochPictures of(Path manifestFile) throws IOException {
        var manifest = EpochManifest.read(manifestFile);
        var spec = RenderSpec.read(manifestFile.resolveSibling(SPEC));
        for (var epoch : manifest.records()) {
            if (!epoch.renderSpec().equals(spec.sha256())) {
                throw new MalformedDataException(
                        manifestFile, "epoch %s was drawn by another spec than %s".formatted(epoch.id(), SPEC));
            }
        }
        return new EpochPictures(manifest, spec, EpochImages.beside(manifestFile));
    }

    /**
     * The same pictures where some train subjects are to be asked about instead of learnt from, in place of the
     * evaluation subjects; all as they are, if nobody is named.
     */
    EpochPictures holdingOut(List<String> subjects) {
        if (subjects.isEmpty()) {
            return this;
        }
        var rest = manifest.split(Split.TRAIN, Split.VALIDATION).stream()
                .map(epoch -> subjects.contains(epoch.subject()) ? epoch.withSplit(Split.EVAL) : epoch)
                .toList();
        return new EpochPictures(new EpochManifest(rest), spec, images);
    }

    List<EegImage> read(List<EpochRecord> epochs) throws IOException {
        return images.of(epochs);
    }

    @Override
    public void close() throws IOException {
        images.close();
    }
}
