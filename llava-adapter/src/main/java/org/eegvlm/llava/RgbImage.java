package org.eegvlm.llava;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Sha256;

/**
 * A picture of 8-bit red, green and blue, row by row from the top left.
 *
 * <p>The bytes are shared, not copied: nobody writes to them after construction.
 *
 * @param rgb {@code height · width · 3} bytes
 * @param file SHA-256 of the file it was read from, where there was one
 */
@SuppressWarnings("ArrayRecordComponent")
public record RgbImage(int width, int height, byte[] rgb, Optional<String> file) implements PictureSource {

    /** No picture of a 30 s epoch needs more; a small file can claim billions. */
    static final int MAX_PIXELS = 40_000_000;

    /** A thin line of many pixels would become a huge square. */
    private static final int MAX_SIDE = 8192;

    /** A PNG of one bit a pixel, all of one colour, has 8 256 a byte; a small file may not ask for much memory. */
    private static final long MOST_PIXELS_PER_BYTE = 10_000;

    private static final long MAX_FILE_BYTES = 64L << 20;
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp");

    public RgbImage {
        if (width <= 0 || height <= 0 || rgb.length != (long) width * height * 3) {
            throw new IllegalArgumentException(
                    "%d×%d pixels need 3 bytes each, got %d bytes".formatted(width, height, rgb.length));
        }
    }

    /** Made in memory. */
    public RgbImage(int width, int height, byte[] rgb) {
        this(width, height, rgb, Optional.empty());
    }

    @Override
    public String sha256() {
        return file.orElseGet(() -> {
            var size = ByteBuffer.allocate(2 * Integer.BYTES).putInt(width).putInt(height);
            return Sha256.of(size.array(), rgb);
        });
    }

    @Override
    public RgbImage decoded() {
        return this;
    }

    /** @throws MalformedDataException if the file is no PNG, JPEG or BMP, is damaged or too large */
    public static RgbImage read(Path file) throws IOException {
        requireOfSize(file);
        return decode(Files.readAllBytes(file), file);
    }

    static void requireOfSize(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new MalformedDataException(
                    file, "larger than " + (MAX_FILE_BYTES >> 20) + " MiB: not a picture of ours");
        }
    }

    /**
     * Decodes a picture in memory. Sizes are read, and refused, before any pixel. Grey is repeated, alpha dropped.
     *
     * @param origin named in errors
     */
    public static RgbImage decode(byte[] content, Path origin) throws IOException {
        try (var stream = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new MalformedDataException(origin, "neither PNG, JPEG nor BMP");
            }
            var reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                var image = decode(reader, content.length, origin);
                return new RgbImage(image.width, image.height, image.rgb, Optional.of(Sha256.of(content)));
            } finally {
                reader.dispose();
            }
        }
    }

    private static RgbImage decode(ImageReader reader, int bytes, Path origin) throws IOException {
        try {
            var format = reader.getFormatName().toLowerCase(Locale.ROOT);
            if (!FORMATS.contains(format)) {
                throw new MalformedDataException(origin, "neither PNG, JPEG nor BMP but " + format);
            }
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MAX_PIXELS) {
                throw new MalformedDataException(
                        origin, "header", pixels + " pixels; at most " + MAX_PIXELS + " are decoded");
            }
            if (pixels > bytes * MOST_PIXELS_PER_BYTE) {
                throw new MalformedDataException(
                        origin, "header", "%d pixels cannot lie in %d bytes".formatted(pixels, bytes));
            }
            if (Math.max(reader.getWidth(0), reader.getHeight(0)) > MAX_SIDE) {
                throw new MalformedDataException(origin, "header", "a side is longer than " + MAX_SIDE + " pixels");
            }
            return of(reader.read(0));
        } catch (MalformedDataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers answer damaged files with many kinds of exception.
            throw new MalformedDataException(origin, "cannot be decoded: " + e.getMessage());
        }
    }

    /** Takes the samples as they are: a colour conversion would bend grey values. */
    private static RgbImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        var rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        if (image.getColorModel() instanceof IndexColorModel) {
            var row = new int[width];
            for (int y = 0, at = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int argb : row) {
                    rgb[at++] = (byte) (argb >> 16);
                    rgb[at++] = (byte) (argb >> 8);
                    rgb[at++] = (byte) argb;
                }
            }
            return new RgbImage(width, height, rgb);
        }
        var raster = image.getRaster();
        int bands = raster.getNumBands();
        int shift = raster.getSampleModel().getSampleSize(0) == 16 ? 8 : 0;
        var row = new int[width * bands];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    rgb[at++] = (byte) (row[x * bands + (bands < 3 ? 0 : channel)] >> shift);
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }
}
