package org.eegvlm.vision.render;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;

/**
 * A picture of one epoch, in greys or in colours.
 *
 * @param bands 1 of grey, or 3: red, green and blue
 * @param samples {@code height × width × bands} bytes, row by row; not to be changed
 */
public record EegImage(int width, int height, int bands, byte[] samples) {

    static final int MAX_SIDE = 4096;

    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int PNG_WIDTH_OFFSET = 16;
    private static final int PNG_HEIGHT_OFFSET = 20;
    private static final int PNG_COLOUR_TYPE_OFFSET = 25;
    private static final long MAX_FILE_BYTES = 64L << 20;

    public EegImage {
        boolean known = bands == 1 || bands == 3;
        if (!known || width < 1 || height < 1 || samples.length != (long) bands * width * height) {
            throw new IllegalArgumentException(
                    "%d bytes are no picture of %d x %d in %d bands".formatted(samples.length, width, height, bands));
        }
    }

    /** In colours: {@code height × width × 3} bytes. */
    public EegImage(int width, int height, byte[] rgb) {
        this(width, height, 3, rgb);
    }

    /** In greys: {@code height × width} bytes. */
    static EegImage grey(int width, int height, byte[] samples) {
        return new EegImage(width, height, 1, samples);
    }

    /** In colours, whatever it is: {@code height × width × 3} bytes. */
    public byte[] rgb() {
        if (bands == 3) {
            return samples;
        }
        var rgb = new byte[3 * samples.length];
        for (int i = 0, at = 0; i < samples.length; i++) {
            rgb[at++] = samples[i];
            rgb[at++] = samples[i];
            rgb[at++] = samples[i];
        }
        return rgb;
    }

    /**
     * Reads a PNG file.
     *
     * @throws MalformedDataException if it is no PNG, is broken, or claims more than 4096 pixels a side
     */
    public static EegImage read(Path file) throws IOException {
        return decode(file, content(file));
    }

    /**
     * Reads an epoch's picture, which lies in the manifest's folder.
     *
     * @throws MalformedDataException if its name leads out of this folder, it is not the picture that the manifest names,
     *     or it cannot be read as {@link #read(Path)} does
     */
    static EegImage read(Path manifest, EpochRecord epoch) throws IOException {
        var file = epoch.picture(manifest);
        var content = content(file);
        if (!Sha256.of(content).equals(epoch.sha256())) {
            throw new MalformedDataException(
                    file, "is not the picture that the manifest names for %s; render again".formatted(epoch.id()));
        }
        return decode(file, content);
    }

    private static byte[] content(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new MalformedDataException(file, "no picture of ours is larger than 64 MiB");
        }
        return Files.readAllBytes(file);
    }

    private static EegImage decode(Path file, byte[] content) throws MalformedDataException {
        if (content.length <= PNG_COLOUR_TYPE_OFFSET || ByteBuffer.wrap(content).getLong() != PNG_SIGNATURE) {
            throw new MalformedDataException(file, "byte 0", "not a PNG picture");
        }
        int width = ByteBuffer.wrap(content).getInt(PNG_WIDTH_OFFSET);
        int height = ByteBuffer.wrap(content).getInt(PNG_HEIGHT_OFFSET);
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new MalformedDataException(
                    file, "byte " + PNG_WIDTH_OFFSET, "picture of %d x %d pixels".formatted(width, height));
        }
        OpenCv.start();
        try (var scope = new PointerScope()) {
            boolean grey = content[PNG_COLOUR_TYPE_OFFSET] == 0;
            var decoded = imdecode(new Mat(content), grey ? IMREAD_GRAYSCALE : IMREAD_COLOR_RGB);
            if (decoded.cols() != width || decoded.rows() != height) {
                throw new MalformedDataException(file, "the picture data are broken");
            }
            return of(decoded);
        }
    }

    /** The same picture in another size, each new pixel the mean of the area it covers. */
    public EegImage resized(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        OpenCv.start();
        try (var scope = new PointerScope()) {
            var small = new Mat();
            resize(mat(), small, new Size(newWidth, newHeight), 0, 0, INTER_AREA);
            return of(small);
        }
    }

    /** As a PNG file; equal pictures give equal bytes. */
    public byte[] png() {
        return bands == 1 ? GreyPng.of(width, height, samples) : colourPng();
    }

    private byte[] colourPng() {
        OpenCv.start();
        try (var scope = new PointerScope()) {
            var bgr = new Mat();
            cvtColor(mat(), bgr, COLOR_RGB2BGR);
            var encoded = new BytePointer();
            if (!imencode(".png", bgr, encoded)) {
                throw new IllegalStateException("OpenCV cannot write PNG");
            }
            var file = new byte[(int) encoded.limit()];
            encoded.get(file);
            return file;
        }
    }

    /** @param pixels a continuous matrix of type CV_8UC1, or CV_8UC3 in the order RGB */
    static EegImage of(Mat pixels) {
        var samples = new byte[pixels.channels() * pixels.cols() * pixels.rows()];
        pixels.data().get(samples);
        return new EegImage(pixels.cols(), pixels.rows(), pixels.channels(), samples);
    }

    private Mat mat() {
        return new Mat(height, width, bands == 1 ? CV_8UC1 : CV_8UC3, new BytePointer(samples));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EegImage image
                && width == image.width
                && height == image.height
                && bands == image.bands
                && Arrays.equals(samples, image.samples);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(samples);
    }

    @Override
    public String toString() {
        return "EegImage[%d x %d]".formatted(width, height);
    }
}
