package org.eegvlm.vision.render;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.signal.Conditioning;

/**
 * How an epoch becomes a picture; everything that could change a pixel is in here, so its hash names the way of drawing.
 *
 * @param version of the drawing code; a spec of another version is refused
 * @param channels the signals, drawn below each other within a row of time: labels, or differences of them, as {@link
 *     org.eegvlm.core.signal.Derivation} reads them
 * @param epochSeconds how long an epoch is
 * @param canvas size of the picture
 * @param trace how the signal is drawn
 * @param grid whether faint lines mark every second, and less faint ones every fifth
 * @param conditioning how the signals are filtered and resampled before they are drawn; absent where they are not
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RenderSpec(
        int version,
        List<String> channels,
        double epochSeconds,
        Canvas canvas,
        Trace trace,
        boolean grid,
        Optional<Conditioning> conditioning) {

    /** What {@link EpochRenderer} draws. */
    public static final int VERSION = 1;

    /** What it draws of conditioned signals; a program that knows only version 1 must not draw them as they are. */
    public static final int CONDITIONED_VERSION = 2;

    /** The channel that EEG-VLM shows; six lines of 5 s, thin, so that a cycle of alpha has more than four pixels. */
    public static final RenderSpec DEFAULT = new RenderSpec(
            VERSION, List.of("EEG Fpz-Cz"), 30, new Canvas(224, 224), new Trace(6, 60, 0.67), true, Optional.empty());

    /** Pixels. */
    public record Canvas(int width, int height) {
        public Canvas {
            require(16 <= width && width <= EegImage.MAX_SIDE, "picture width must be in 16..4096, was " + width);
            require(16 <= height && height <= EegImage.MAX_SIDE, "picture height must be in 16..4096, was " + height);
        }
    }

    /**
     * The line.
     *
     * @param rows into how many lines of equal duration the epoch is wrapped
     * @param microvolts what half the height of a line stands for: fixed, because amplitude tells stages apart
     * @param lineWidth in pixels
     */
    public record Trace(int rows, double microvolts, double lineWidth) {
        public Trace {
            require(1 <= rows && rows <= 60, "rows must be in 1..60, were " + rows);
            require(microvolts > 0, "half-scale must be positive, was %s uV".formatted(microvolts));
            require(0.25 <= lineWidth && lineWidth <= 8, "line width must be in 0.25..8 pixels, was " + lineWidth);
        }
    }

    public RenderSpec {
        int drawn = conditioning.isPresent() ? CONDITIONED_VERSION : VERSION;
        require(
                version == drawn,
                "this program draws such a render spec as version %d, not %d".formatted(drawn, version));
        require(!channels.isEmpty(), "name at least one channel to draw");
        require(epochSeconds > 0, "epoch length must be positive, was %s s".formatted(epochSeconds));
        channels = List.copyOf(channels);
        require(
                canvas.height() >= 4 * channels.size() * trace.rows(),
                "%d channels in %d rows do not fit into %d pixels"
                        .formatted(channels.size(), trace.rows(), canvas.height()));
    }

    /** Reads {@code render.json}. */
    public static RenderSpec read(Path file) throws IOException {
        return Json.read(file, RenderSpec.class);
    }

    /** Names this way of drawing: SHA-256 of its JSON. */
    public String sha256() {
        return Sha256.of(Json.line(this).getBytes(StandardCharsets.UTF_8));
    }

    public RenderSpec withChannels(List<String> labels) {
        return new RenderSpec(version, labels, epochSeconds, canvas, trace, grid, conditioning);
    }

    public RenderSpec withEpochSeconds(double seconds) {
        return new RenderSpec(version, channels, seconds, canvas, trace, grid, conditioning);
    }

    public RenderSpec withCanvas(Canvas other) {
        return new RenderSpec(version, channels, epochSeconds, other, trace, grid, conditioning);
    }

    public RenderSpec withTrace(Trace other) {
        return new RenderSpec(version, channels, epochSeconds, canvas, other, grid, conditioning);
    }

    public RenderSpec withGrid(boolean wanted) {
        return new RenderSpec(version, channels, epochSeconds, canvas, trace, wanted, conditioning);
    }

    /** The same pictures of signals that are conditioned first. */
    public RenderSpec withConditioning(Conditioning wanted) {
        boolean none = wanted.changesNothing();
        return new RenderSpec(
                none ? VERSION : CONDITIONED_VERSION,
                channels,
                epochSeconds,
                canvas,
                trace,
                grid,
                none ? Optional.empty() : Optional.of(wanted));
    }

    /** How the signals are conditioned; {@link Conditioning#NONE} where they are not. */
    public Conditioning signalConditioning() {
        return conditioning.orElse(Conditioning.NONE);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
