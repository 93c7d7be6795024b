package org.eegvlm.vision.render;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;

/**
 * The pictures of a manifest's epochs: read from their files, or, where none were written, drawn from the recordings. Each
 * is the picture whose hash the manifest tells, whichever way it came. For one thread.
 */
public interface EpochImages extends Closeable {

    /**
     * The pictures of some epochs, in their order.
     *
     * @throws org.eegvlm.core.MalformedDataException if one cannot be read or drawn, or is another than the manifest tells
     */
    List<EegImage> of(List<EpochRecord> epochs) throws IOException;

    /** Those of the epochs that a manifest lists. */
    static EpochImages beside(Path manifest) throws IOException {
        return EpochManifest.hasPictures(manifest) ? read(manifest) : new DrawnImages(manifest);
    }

    private static EpochImages read(Path manifest) {
        return new EpochImages() {
            @Override
            public List<EegImage> of(List<EpochRecord> epochs) throws IOException {
                var images = new ArrayList<EegImage>();
                for (var epoch : epochs) {
                    images.add(EegImage.read(manifest, epoch));
                }
                return images;
            }

            @Override
            public void close() {}
        };
    }
}
