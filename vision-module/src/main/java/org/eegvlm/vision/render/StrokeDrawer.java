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
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.eegvlm.vision.render.RenderSpec.Trace;

/**
 * Draws the traces of versions 1 and 2.
 *
 * <p>The polyline is drawn at {@value #OVERSAMPLING} times the size, with sub-pixel ends, and averaged down. A pixel's
 * grey is then the share of it that the line covers: where samples are denser than pixels the grey still tells how
 * often the line passes, which a stroke from the smallest to the largest value per column does not.
 */
final class StrokeDrawer implements Drawer {

    static final int OVERSAMPLING = 3;

    /** OpenCV's fixed-point coordinates have this many bits after the point. */
    private static final int SHIFT = 8;

    private final RenderSpec spec;
    private final Trace trace;
    private final int width;
    private final int height;
    private final Mat paper;

    StrokeDrawer(RenderSpec spec, Trace trace) {
        OpenCv.start();
        this.spec = spec;
        this.trace = trace;
        width = spec.canvas().width() * OVERSAMPLING;
        height = spec.canvas().height() * OVERSAMPLING;
        try (var scope = new PointerScope()) {
            paper = new Mat(height, width, CV_8UC1, new Scalar(Grid.WHITE));
            paper.retainReference();
            if (spec.grid().orElse(false)) {
                drawGrid();
            }
        }
    }

    @Override
    public EegImage draw(float[][] microvolts, double[] rateHz) {
        try (var scope = new PointerScope()) {
            var drawing = paper.clone();
            for (int channel = 0; channel < microvolts.length; channel++) {
                drawChannel(drawing, channel, centred(microvolts[channel]), rateHz[channel]);
            }
            return picture(drawing);
        }
    }

    @Override
    public EegImage blank() {
        try (var scope = new PointerScope()) {
            return picture(paper);
        }
    }

    private EegImage picture(Mat drawing) {
        var small = new Mat();
        var size = new Size(spec.canvas().width(), spec.canvas().height());
        resize(drawing, small, size, 0, 0, INTER_AREA);
        var rgb = new Mat();
        cvtColor(small, rgb, COLOR_GRAY2RGB);
        return EegImage.of(rgb);
    }

    private void drawChannel(Mat drawing, int channel, float[] samples, double rateHz) {
        int rows = trace.rows();
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
        int lines = trace.rows() * spec.channels().size();
        double lineHeight = height / (double) lines;
        double centre = (row * spec.channels().size() + channel + 0.5) * lineHeight;
        double halfScales = Math.max(-2, Math.min(2, microvolts / trace.microvolts()));
        // Positive is up.
        return centre - halfScales * lineHeight / 2;
    }

    private void draw(Mat drawing, int[] points) {
        var line = new Mat(points.length / 2, 1, CV_32SC2, new IntPointer(points));
        int thickness = Math.max(1, (int) Math.round(trace.lineWidth() * OVERSAMPLING));
        polylines(drawing, new MatVector(line), false, Scalar.BLACK, thickness, LINE_AA, SHIFT);
    }

    private void drawGrid() {
        double rowSeconds = spec.epochSeconds() / trace.rows();
        double lineHeight = height / (double) trace.rows();
        for (int second = 1; second < spec.epochSeconds(); second++) {
            int row = (int) (second / rowSeconds);
            int x = (int) Math.round(width * (second / rowSeconds - row));
            var top = new Point(x, (int) Math.round(row * lineHeight));
            var bottom = new Point(x + OVERSAMPLING - 1, (int) Math.round((row + 1) * lineHeight) - 1);
            rectangle(paper, top, bottom, new Scalar(Grid.grey(second)), -1, 0, 0);
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
