package org.eegvlm.vision.render;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
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

/**
 * A picture of one epoch.
 *
 * @param rgb {@code height × width × 3} bytes, row by row; not to be changed
 */
public record EegImage(int width, int height, byte[] rgb) {

    static final int MAX_SIDE = 4096;

    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int PNG_WIDTH_OFFSET = 16;
    private static final int PNG_HEIGHT_OFFSET = 20;
    private static final long MAX_FILE_BYTES = 64L << 20;

    public EegImage {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "%d bytes are no RGB picture of %d x %d".formatted(rgb.length, width, height));
        }
    }

    /**
     * Reads a PNG file.
     *
     * @throws MalformedDataException if it is no PNG, is broken, or claims more than 4096 pixels a side
     */
    public static EegImage read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new MalformedDataException(file, "no picture of ours is larger than 64 MiB");
        }
        var content = Files.readAllBytes(file);
        if (content.length < PNG_HEIGHT_OFFSET + Integer.BYTES
                || ByteBuffer.wrap(content).getLong() != PNG_SIGNATURE) {
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
            var decoded = imdecode(new Mat(content), IMREAD_COLOR_RGB);
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

    /** @param pixels a continuous matrix of type CV_8UC3, in the order RGB */
    static EegImage of(Mat pixels) {
        var rgb = new byte[3 * pixels.cols() * pixels.rows()];
        pixels.data().get(rgb);
        return new EegImage(pixels.cols(), pixels.rows(), rgb);
    }

    private Mat mat() {
        return new Mat(height, width, CV_8UC3, new BytePointer(rgb));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EegImage image
                && width == image.width
                && height == image.height
                && Arrays.equals(rgb, image.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "EegImage[%d x %d]".formatted(width, height);
    }
}
