package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.io.Sha256;

/** A picture in a file, which is hashed once, and decoded as often as somebody asks. One thread at a time. */
public final class PictureFile implements PictureSource {

    private final Path path;
    private Optional<String> sha256 = Optional.empty();

    private PictureFile(Path path) {
        this.path = path;
    }

    /**
     * @throws java.nio.file.NoSuchFileException now, not only where somebody needs the picture
     * @throws org.eegvlm.core.MalformedDataException if it is too large for a picture
     */
    public static PictureFile at(Path path) throws IOException {
        RgbImage.requireOfSize(path);
        return new PictureFile(path);
    }

    @Override
    public String sha256() throws IOException {
        if (sha256.isEmpty()) {
            sha256 = Optional.of(Sha256.of(path));
        }
        return sha256.get();
    }

    @Override
    public RgbImage decoded() throws IOException {
        return RgbImage.read(path);
    }
}
