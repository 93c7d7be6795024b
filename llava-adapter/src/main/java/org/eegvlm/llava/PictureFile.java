package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.io.Sha256;

/** A picture in a file, which is hashed once, and decoded as often as somebody asks. One thread at a time. */
public final class PictureFile implements Picture {

    private final Path path;
    private Optional<String> sha256 = Optional.empty();

    private PictureFile(Path path) {
        this.path = path;
    }

    /** @throws NoSuchFileException now, not only where somebody needs the picture */
    public static PictureFile at(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
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
