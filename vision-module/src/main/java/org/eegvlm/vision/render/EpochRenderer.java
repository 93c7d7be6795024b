package org.eegvlm.vision.render;

import static org.bytedeco.opencv.global.opencv_core.CV_32SC2;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_GRAY2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.polylines;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.eegvlm.core.signal.Window;

/**
 * Draws epochs: black lines on white, at a fixed scale, without a word in the picture.
 *
 * <p>Time runs from left to right and wraps over {@code rows} lines; within a line the channels stand below each other.
 * Each channel's mean over the epoch is taken off, because an electrode's offset is no brain activity; nothing else is
 * scaled or filtered. What is larger than a line's half-scale runs over into the neighbours and is cut at their middle,
 * so that a slow wave of twice the scale is still told from one of the scale.
 *
 * <p>The polyline is drawn at {@value #OVERSAMPLING} times the size, with sub-pixel ends, and averaged down. A pixel's
 * grey is then the share of it that the line covers: where samples are denser than pixels the grey still tells how
 * often the line passes, which a stroke from the smallest to the largest value per column does not.
 *
 * <p>Safe for use by many threads; the pictures do not depend on how many.
 */
public final class EpochRenderer implements AutoCloseable {

    static final int OVERSAMPLING = 3;

    /** OpenCV's fixed-point coordinates have this many bits after the point. */
    private static final int SHIFT = 8;

    private static final int WHITE = 255;
    private static final int SECOND_GREY = 238;
    private static final int FIFTH_SECOND_GREY = 216;
    private static final int SECONDS_PER_STRONG_LINE = 5;

    private final RenderSpec spec;
    private final int width;
    private final int height;
    private final Mat paper;

    public EpochRenderer(RenderSpec spec) {
        OpenCv.start();
        this.spec = spec;
        width = spec.canvas().width() * OVERSAMPLING;
        height = spec.canvas().height() * OVERSAMPLING;
        try (var scope = new PointerScope()) {
            paper = new Mat(height, width, CV_8UC1, new Scalar(WHITE));
            paper.retainReference();
            if (spec.grid()) {
                drawGrid();
            }
        }
    }

    public RenderSpec spec() {
        return spec;
    }

    /**
     * Draws one epoch.
     *
     * @param microvolts the samples of each channel, in the order of the spec; channels may differ in length
     * @param rateHz samples per second of each channel
     * @throws IllegalArgumentException if the number of channels, or of samples of one of them, is not the spec's
     */
    public EegImage render(float[][] microvolts, double[] rateHz) {
        checkShapes(microvolts, rateHz);
        try (var scope = new PointerScope()) {
            var drawing = paper.clone();
            for (int channel = 0; channel < microvolts.length; channel++) {
                drawChannel(drawing, channel, centred(microvolts[channel]), rateHz[channel]);
            }
            return picture(drawing);
        }
    }

    /** The paper alone, with its grid. */
    public EegImage blank() {
        try (var scope = new PointerScope()) {
            return picture(paper);
        }
    }

    /** Draws one epoch: a window of each channel, in the order of the spec. */
    public EegImage render(List<Window> windows) {
        return render(
                windows.stream().map(Window::microvolts).toArray(float[][]::new),
                windows.stream().mapToDouble(Window::rateHz).toArray());
    }

    private EegImage picture(Mat drawing) {
        var small = new Mat();
        var size = new Size(spec.canvas().width(), spec.canvas().height());
        resize(drawing, small, size, 0, 0, INTER_AREA);
        var rgb = new Mat();
        cvtColor(small, rgb, COLOR_GRAY2RGB);
        return EegImage.of(rgb);
    }

    private void checkShapes(float[][] microvolts, double[] rateHz) {
        int channels = spec.channels().size();
        if (microvolts.length != channels || rateHz.length != channels) {
            throw new IllegalArgumentException("the spec draws %d channels, given are %d with %d sampling rates"
                    .formatted(channels, microvolts.length, rateHz.length));
        }
        for (int channel = 0; channel < channels; channel++) {
            long expected = samplesPerEpoch(rateHz[channel]);
            if (microvolts[channel].length != expected || expected < 2) {
                throw new IllegalArgumentException("%s has %d samples; %s s at %s Hz are %d"
                        .formatted(
                                spec.channels().get(channel),
                                microvolts[channel].length,
                                spec.epochSeconds(),
                                rateHz[channel],
                                expected));
            }
        }
    }

    private int samplesPerEpoch(double rateHz) {
        return Math.toIntExact(Math.round(spec.epochSeconds() * rateHz));
    }

    private void drawChannel(Mat drawing, int channel, float[] samples, double rateHz) {
        int rows = spec.trace().rows();
        double rowSeconds = spec.epochSeconds() / rows;
        for (int row = 0; row < rows; row++) {
            // One sample beyond either end: the line then leaves the picture where the next row takes it up.
            int first = Math.max(0, (int) Math.floor(row * rowSeconds * rateHz));
            int last = Math.min(samples.length - 1, (int) Math.ceil((row + 1) * rowSeconds * rateHz));
            var points = new int[2 * (last - first + 1)];
            for (int i = first; i <= last; i++) {
                points[2 * (i - first)] = fixedPoint(width * (i / rateHz / rowSeconds - row));
                points[2 * (i - first) + 1] = fixedPoint(y(row, channel, samples[i]));
            }
            draw(drawing, points);
        }
    }

    private double y(int row, int channel, float microvolts) {
        int lines = spec.trace().rows() * spec.channels().size();
        double lineHeight = height / (double) lines;
        double centre = (row * spec.channels().size() + channel + 0.5) * lineHeight;
        double halfScales = Math.max(-2, Math.min(2, microvolts / spec.trace().microvolts()));
        // Positive is up.
        return centre - halfScales * lineHeight / 2;
    }

    private void draw(Mat drawing, int[] points) {
        var line = new Mat(points.length / 2, 1, CV_32SC2, new IntPointer(points));
        int thickness = Math.max(1, (int) Math.round(spec.trace().lineWidth() * OVERSAMPLING));
        polylines(drawing, new MatVector(line), false, Scalar.BLACK, thickness, LINE_AA, SHIFT);
    }

    private void drawGrid() {
        double rowSeconds = spec.epochSeconds() / spec.trace().rows();
        double lineHeight = height / (double) spec.trace().rows();
        for (int second = 1; second < spec.epochSeconds(); second++) {
            int row = (int) (second / rowSeconds);
            int x = (int) Math.round(width * (second / rowSeconds - row));
            int grey = second % SECONDS_PER_STRONG_LINE == 0 ? FIFTH_SECOND_GREY : SECOND_GREY;
            var top = new Point(x, (int) Math.round(row * lineHeight));
            var bottom = new Point(x + OVERSAMPLING - 1, (int) Math.round((row + 1) * lineHeight) - 1);
            rectangle(paper, top, bottom, new Scalar(grey), -1, 0, 0);
        }
    }

    private static float[] centred(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample;
        }
        var centred = Arrays.copyOf(samples, samples.length);
        float mean = (float) (sum / samples.length);
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= mean;
        }
        return centred;
    }

    private static int fixedPoint(double pixels) {
        // OpenCV takes whole coordinates as the middle of a pixel.
        return (int) Math.round((pixels - 0.5) * (1 << SHIFT));
    }

    @Override
    public void close() {
        paper.close();
    }
}
