package org.eegvlm.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;

/** The pictures of an image folder, as text that a page can hold. */
record Pictures(Path folder) {

    private static final long MOST_BYTES = 16 << 20;

    /** Where the picture is; empty where the folder lacks it, or the name leads out of the folder. */
    Optional<Path> find(String name) {
        var root = folder.toAbsolutePath().normalize();
        var file = root.resolve(name).normalize();
        return file.startsWith(root) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** The picture as a data URL. */
    static String dataUrl(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new MalformedDataException(file, "is larger than 16 MiB; that is no picture of an epoch");
        }
        var bytes = Files.readAllBytes(file);
        return "data:%s;base64,%s"
                .formatted(mediaType(file, bytes), Base64.getEncoder().encodeToString(bytes));
    }

    private static String mediaType(Path file, byte[] bytes) throws MalformedDataException {
        if (bytes.length > 8 && bytes[0] == (byte) 0x89 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G') {
            return "image/png";
        }
        if (bytes.length > 8 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8) {
            return "image/jpeg";
        }
        throw new MalformedDataException(file, "byte 0", "is neither a PNG nor a JPEG picture");
    }
}
