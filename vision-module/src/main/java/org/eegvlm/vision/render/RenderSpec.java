package org.eegvlm.vision.render;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.signal.Conditioning;

/**
 * How an epoch becomes a picture; everything that could change a pixel is in here, so its hash names the way of drawing.
 * A picture is a trace, a waveform or a spectrogram: of the three, one is there.
 *
 * @param version of the drawing code; a spec of another version is refused
 * @param channels the signals, drawn below each other within a row of time: labels, or differences of them, as {@link
 *     org.eegvlm.core.signal.Derivation} reads them
 * @param epochSeconds how long an epoch is
 * @param canvas size of the picture
 * @param trace how the signal is drawn in versions 1 and 2
 * @param grid whether faint lines mark every second of a trace, and less faint ones every fifth
 * @param conditioning how the signals are filtered and resampled before they are drawn; absent where they are not
 * @param waveform how the signal is drawn in version 3
 * @param spectrogram how its power is drawn in version 3
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RenderSpec(
        int version,
        List<String> channels,
        double epochSeconds,
        Canvas canvas,
        Optional<Trace> trace,
        Optional<Boolean> grid,
        Optional<Conditioning> conditioning,
        Optional<WaveformLook> waveform,
        Optional<SpectrogramLook> spectrogram) {

    /** A trace. */
    public static final int VERSION = 1;

    /** A trace of conditioned signals; a program that knows only version 1 must not draw them as they are. */
    public static final int CONDITIONED_VERSION = 2;

    /** A waveform or a spectrogram. */
    public static final int LOOKS_VERSION = 3;

    /** The channel that EEG-VLM shows; six lines of 5 s, thin, so that a cycle of alpha has more than four pixels. */
    public static final RenderSpec DEFAULT = new RenderSpec(
            VERSION,
            List.of("EEG Fpz-Cz"),
            30,
            new Canvas(224, 224),
            Optional.of(new Trace(6, 60, 0.67)),
            Optional.of(true),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final Canvas FINE = new Canvas(336, 336); // what LLaVA-1.5's tower looks at

    /** The same channel as a waveform, drawn many times faster, larger. */
    public static final RenderSpec WAVEFORM = DEFAULT.with(WaveformLook.DEFAULT).withCanvas(FINE);

    /** The same channel as a spectrogram. */
    public static final RenderSpec SPECTROGRAM =
            DEFAULT.with(SpectrogramLook.DEFAULT).withCanvas(FINE);

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
        channels = List.copyOf(channels);
        int looks = Stream.of(trace, waveform, spectrogram)
                .mapToInt(look -> look.isPresent() ? 1 : 0)
                .sum();
        require(looks == 1, "a render spec has one of trace, waveform and spectrogram, not " + looks);
        require(grid.isPresent() == trace.isPresent(), "'grid' belongs to a trace, and a trace has it");
        int drawn = trace.isEmpty() ? LOOKS_VERSION : conditioning.isPresent() ? CONDITIONED_VERSION : VERSION;
        require(
                version == drawn,
                "this program draws such a render spec as version %d, not %d".formatted(drawn, version));
        require(!channels.isEmpty(), "name at least one channel to draw");
        require(epochSeconds > 0, "epoch length must be positive, was %s s".formatted(epochSeconds));
        int scales = waveform.map(look -> look.microvolts().size()).orElse(1);
        require(
                scales == 1 || scales == channels.size(),
                "%d half-scales do not suit %d channels".formatted(scales, channels.size()));
        double window = spectrogram.map(SpectrogramLook::windowSeconds).orElse(0.0);
        require(
                window <= epochSeconds,
                "windows of %s s are longer than epochs of %s s".formatted(window, epochSeconds));
        int rows = trace.map(Trace::rows)
                .or(() -> waveform.map(WaveformLook::rows))
                .orElse(1);
        require(
                canvas.height() >= 4L * channels.size() * rows,
                "%d channels in %d rows do not fit into %d pixels".formatted(channels.size(), rows, canvas.height()));
    }

    /** Reads {@code render.json}. */
    public static RenderSpec read(Path file) throws IOException {
        return Json.read(file, RenderSpec.class);
    }

    /** Names this way of drawing: SHA-256 of its JSON. */
    public String sha256() {
        return Sha256.of(Json.line(this).getBytes(StandardCharsets.UTF_8));
    }

    /** Into how many lines of equal duration the time that is shown is wrapped. */
    public int rows() {
        return trace.map(Trace::rows).or(() -> waveform.map(WaveformLook::rows)).orElse(1);
    }

    /** How many epochs before the one to be staged are shown too, and how many after it. */
    public int neighbours() {
        return waveform.map(WaveformLook::neighbours)
                .or(() -> spectrogram.map(SpectrogramLook::neighbours))
                .orElse(0);
    }

    /** The epoch and its neighbours. */
    public int epochsShown() {
        return 2 * neighbours() + 1;
    }

    public double shownSeconds() {
        return epochsShown() * epochSeconds;
    }

    Drawer drawer() {
        if (trace.isPresent()) {
            return new StrokeDrawer(this, trace.get());
        }
        return waveform.isPresent()
                ? new WaveformDrawer(this, waveform.get())
                : new SpectrogramDrawer(this, spectrogram.orElseThrow());
    }

    public RenderSpec withChannels(List<String> labels) {
        return new RenderSpec(version, labels, epochSeconds, canvas, trace, grid, conditioning, waveform, spectrogram);
    }

    public RenderSpec withEpochSeconds(double seconds) {
        return new RenderSpec(version, channels, seconds, canvas, trace, grid, conditioning, waveform, spectrogram);
    }

    public RenderSpec withCanvas(Canvas other) {
        return new RenderSpec(version, channels, epochSeconds, other, trace, grid, conditioning, waveform, spectrogram);
    }

    /** The same signals as another trace. */
    public RenderSpec withTrace(Trace other) {
        return drawnAs(Optional.of(other), Optional.of(grid.orElse(true)), Optional.empty(), Optional.empty());
    }

    /** The same trace with a grid, or without. */
    public RenderSpec withGrid(boolean wanted) {
        return drawnAs(trace, Optional.of(wanted), Optional.empty(), Optional.empty());
    }

    /** The same signals as a waveform. */
    public RenderSpec with(WaveformLook look) {
        return drawnAs(Optional.empty(), Optional.empty(), Optional.of(look), Optional.empty());
    }

    /** The same signals as a spectrogram. */
    public RenderSpec with(SpectrogramLook look) {
        return drawnAs(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(look));
    }

    /** The same pictures of signals that are conditioned first. */
    public RenderSpec withConditioning(Conditioning wanted) {
        Optional<Conditioning> kept = wanted.changesNothing() ? Optional.empty() : Optional.of(wanted);
        int drawn = trace.isEmpty() ? version : kept.isPresent() ? CONDITIONED_VERSION : VERSION;
        return new RenderSpec(drawn, channels, epochSeconds, canvas, trace, grid, kept, waveform, spectrogram);
    }

    private RenderSpec drawnAs(
            Optional<Trace> newTrace,
            Optional<Boolean> newGrid,
            Optional<WaveformLook> newWaveform,
            Optional<SpectrogramLook> newSpectrogram) {
        int drawn = newTrace.isEmpty() ? LOOKS_VERSION : conditioning.isPresent() ? CONDITIONED_VERSION : VERSION;
        return new RenderSpec(
                drawn, channels, epochSeconds, canvas, newTrace, newGrid, conditioning, newWaveform, newSpectrogram);
    }

    /** How the signals are conditioned; {@link Conditioning#NONE} where they are not. */
    public Conditioning signalConditioning() {
        return conditioning.orElse(Conditioning.NONE);
    }
}
