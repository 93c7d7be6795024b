package org.eegvlm.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.llava.RgbImage;

/** Decodes pictures of strangers: the size first, the pixels only if they are few enough. */
final class ClientPicture {
    private static final Path NAME = Path.of("image");

    private ClientPicture() {}

    /** @throws Refusal if it is no picture, a damaged one, or too large */
    static RgbImage decode(byte[] content, int mostPixels) {
        if (pixels(content) > mostPixels) {
            throw Refusal.tooLarge("a picture has at most %d pixels".formatted(mostPixels));
        }
        try {
            return RgbImage.decode(content, NAME);
        } catch (MalformedDataException e) {
            throw Refusal.unfit(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Refusal.unfit("image: cannot be decoded");
        }
    }

    /** What the header promises; 0 where it cannot be read, which decoding then tells. */
    private static long pixels(byte[] content) {
        try (var stream = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                return 0;
            }
            var reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return (long) reader.getWidth(0) * reader.getHeight(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
