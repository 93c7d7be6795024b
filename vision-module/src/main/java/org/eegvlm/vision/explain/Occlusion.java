package org.eegvlm.vision.explain;

import static org.eegvlm.core.Preconditions.require;

import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.SleepStage;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRenderer;
import org.eegvlm.vision.render.RenderSpec;

/**
 * Hides one stretch of the signal after another and asks the encoder again (Zeiler &amp; Fergus 2014, arXiv:1311.2901). It
 * needs nothing of the network but its answers, unlike methods that read gradients or feature maps. What is hidden becomes
 * paper with its grid, as if nothing had been recorded, in all channels.
 */
final class Occlusion {

    /** As long as a spindle or a K-complex. */
    private static final double WINDOW_SECONDS = 1;

    private static final double STEP_SECONDS = 0.5;

    private static final int COLOURS = 3;

    /** Odds are told apart no further. */
    private static final double MOST_CERTAIN = 1 - 1e-6;

    private final FeatureExtractor extractor;
    private final RenderSpec spec;
    private final EegImage paper;

    /** @param extractor stays the caller's */
    Occlusion(FeatureExtractor extractor) {
        this.extractor = extractor;
        this.spec = extractor.config().renderSpec();
        require(spec.neighbours() == 0, "pictures that show neighbouring epochs cannot be explained yet");
        try (var renderer = new EpochRenderer(spec)) {
            paper = renderer.blank();
        }
    }

    /**
     * @param image as rendered by the spec that the encoder knows
     * @throws IllegalArgumentException if the picture has another size
     */
    Explanation explain(EegImage image) {
        require(
                image.width() == paper.width() && image.height() == paper.height(),
                "%s is not of the size that %s x %s pictures have",
                image,
                paper.width(),
                paper.height());
        int bins = (int) Math.round(spec.epochSeconds() / STEP_SECONDS);
        int windows = bins - (int) (WINDOW_SECONDS / STEP_SECONDS) + 1;
        var pictures = new ArrayList<EegImage>(List.of(image));
        for (int window = 0; window < windows; window++) {
            pictures.add(hidden(image, window * STEP_SECONDS, window * STEP_SECONDS + WINDOW_SECONDS));
        }
        var probabilities = extractor.encode(pictures).probabilities();
        int stage = likeliest(probabilities[0]);
        var falls = new double[windows];
        for (int window = 0; window < windows; window++) {
            falls[window] = logOdds(probabilities[0][stage]) - logOdds(probabilities[window + 1][stage]);
        }
        return new Explanation(SleepStage.values()[stage], probabilities[0][stage], STEP_SECONDS, spread(falls, bins));
    }

    /** Each stretch gets the mean of the windows that hide it. */
    private static double[] spread(double[] falls, int bins) {
        int perWindow = bins - falls.length + 1;
        var weight = new double[bins];
        for (int bin = 0; bin < bins; bin++) {
            int first = Math.max(0, bin - perWindow + 1);
            int last = Math.min(falls.length - 1, bin);
            for (int window = first; window <= last; window++) {
                weight[bin] += falls[window] / (last - first + 1);
            }
        }
        return weight;
    }

    private EegImage hidden(EegImage image, double from, double to) {
        int rows = spec.rows();
        double rowSeconds = spec.epochSeconds() / rows;
        var rgb = image.rgb().clone();
        var blank = paper.rgb();
        for (int row = 0; row < rows; row++) {
            int left = pixel((from - row * rowSeconds) / rowSeconds, image.width());
            int right = pixel((to - row * rowSeconds) / rowSeconds, image.width());
            int top = pixel(row / (double) rows, image.height());
            int bottom = pixel((row + 1.0) / rows, image.height());
            for (int y = top; y < bottom && left < right; y++) {
                int start = COLOURS * (y * image.width() + left);
                System.arraycopy(blank, start, rgb, start, COLOURS * (right - left));
            }
        }
        return new EegImage(image.width(), image.height(), rgb);
    }

    private static int pixel(double share, int size) {
        return (int) Math.round(Math.max(0, Math.min(1, share)) * size);
    }

    private static double logOdds(double probability) {
        double p = Math.max(1 - MOST_CERTAIN, Math.min(MOST_CERTAIN, probability));
        return Math.log(p / (1 - p));
    }

    private static int likeliest(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }
}
