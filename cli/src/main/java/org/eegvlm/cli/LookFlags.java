package org.eegvlm.cli;

import static org.eegvlm.core.Preconditions.require;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.vision.render.ColourMap;
import org.eegvlm.vision.render.RenderSpec;
import org.eegvlm.vision.render.SpectrogramLook;
import org.eegvlm.vision.render.WaveformLook;
import picocli.CommandLine.Option;

/** What pictures look like. */
final class LookFlags {

    private enum Look {
        TRACE,
        WAVEFORM,
        SPECTROGRAM
    }

    @Option(
            names = "--picture",
            defaultValue = "trace",
            paramLabel = "KIND",
            description =
                    "trace (the demo's), waveform (the same anew, quicker, with the options below) or spectrogram "
                            + "(${DEFAULT-VALUE}).")
    private Look look = Look.TRACE;

    @Option(
            names = "--picture-size",
            paramLabel = "PIXELS",
            description = "Width and height of the pictures (a trace's 224, others' 336).")
    private Optional<Integer> size = Optional.empty();

    @Option(
            names = "--neighbours",
            paramLabel = "N",
            description = "Show so many epochs before and after, too; a waveform's are paler (0).")
    private Optional<Integer> neighbours = Optional.empty();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Waveform: wrap its time over so many lines (6 lines for all channels together).")
    private Optional<Integer> rows = Optional.empty();

    @Option(
            names = "--half-scale",
            split = ",",
            paramLabel = "UV",
            description = "Waveform: microvolts that half a line stands for, for all channels or for each (60).")
    private List<Double> halfScales = List.of();

    @Option(names = "--line-width", paramLabel = "PIXELS", description = "Waveform: how thick its line is (0.67).")
    private Optional<Double> lineWidth = Optional.empty();

    @Option(names = "--no-grid", description = "Waveform: no lines every 1 and 5 s.")
    private boolean noGrid;

    @Option(names = "--negative-up", description = "Waveform: draw negative upwards.")
    private boolean negativeUp;

    @Option(
            names = "--spectra",
            paramLabel = "METHOD",
            description = "Spectrogram: multitaper or stft (multitaper; both of 2.56 s every 0.32 s).")
    private Optional<SpectrogramLook.Method> method = Optional.empty();

    @Option(
            names = "--frequencies",
            split = ",",
            paramLabel = "HZ",
            description = "Spectrogram: from the lowest to the highest (0,30; on a logarithmic axis 0.5,30).")
    private List<Double> frequencies = List.of();

    @Option(names = "--log-frequency", description = "Spectrogram: equal heights for octaves, not for hertz.")
    private boolean logarithmic;

    @Option(
            names = "--decibels",
            split = ",",
            paramLabel = "DB",
            description = "Spectrogram: what the first and the last colour stand for, re 1 uV2/Hz (-10,25).")
    private List<Double> decibels = List.of();

    @Option(names = "--colours", paramLabel = "MAP", description = "Spectrogram: viridis, magma or jet (viridis).")
    private Optional<ColourMap> colours = Optional.empty();

    /** @throws IllegalArgumentException if a flag belongs to another kind of picture */
    RenderSpec spec(List<String> channels) {
        refuseFlagsOfOthers();
        var base = switch (look) {
            case TRACE -> RenderSpec.DEFAULT.withChannels(channels);
            case WAVEFORM -> RenderSpec.WAVEFORM.withChannels(channels).with(waveform(channels.size()));
            case SPECTROGRAM -> RenderSpec.SPECTROGRAM.withChannels(channels).with(spectrogram());
        };
        return size.map(pixels -> base.withCanvas(new RenderSpec.Canvas(pixels, pixels)))
                .orElse(base);
    }

    private WaveformLook waveform(int channels) {
        var standard = WaveformLook.DEFAULT;
        return new WaveformLook(
                rows.orElse(Math.max(1, standard.rows() / channels)),
                halfScales.isEmpty() ? standard.microvolts() : halfScales,
                lineWidth.orElse(standard.lineWidth()),
                !noGrid,
                negativeUp,
                neighbours.orElse(0));
    }

    private SpectrogramLook spectrogram() {
        require(
                frequencies.isEmpty() || frequencies.size() == 2,
                "--frequencies are the lowest and the highest, separated by a comma");
        require(decibels.isEmpty() || decibels.size() == 2, "--decibels are two, separated by a comma");
        var standard = SpectrogramLook.DEFAULT;
        double low = frequencies.isEmpty() ? (logarithmic ? 0.5 : 0) : frequencies.get(0);
        double high = frequencies.isEmpty() ? standard.axis().highHz() : frequencies.get(1);
        var drawn = standard.withAxis(new SpectrogramLook.Axis(low, high, logarithmic))
                .withColours(colours.orElse(standard.colours()))
                .withNeighbours(neighbours.orElse(0));
        if (!decibels.isEmpty()) {
            drawn = drawn.withDecibels(new SpectrogramLook.Decibels(decibels.get(0), decibels.get(1)));
        }
        return method.equals(Optional.of(SpectrogramLook.Method.STFT)) ? drawn.withStft() : drawn;
    }

    private void refuseFlagsOfOthers() {
        refuse(given(Look.WAVEFORM), look == Look.WAVEFORM, "waveform");
        refuse(given(Look.SPECTROGRAM), look == Look.SPECTROGRAM, "spectrogram");
        require(
                neighbours.isEmpty() || look != Look.TRACE,
                "--neighbours belongs to --picture waveform or spectrogram");
    }

    private static void refuse(Map<String, Boolean> given, boolean fitting, String look) {
        for (var flag : given.entrySet()) {
            require(fitting || !flag.getValue(), "%s belongs to --picture %s", flag.getKey(), look);
        }
    }

    private Map<String, Boolean> given(Look of) {
        var given = new LinkedHashMap<String, Boolean>();
        if (of == Look.WAVEFORM) {
            given.put("--rows", rows.isPresent());
            given.put("--half-scale", !halfScales.isEmpty());
            given.put("--line-width", lineWidth.isPresent());
            given.put("--no-grid", noGrid);
            given.put("--negative-up", negativeUp);
        } else {
            given.put("--spectra", method.isPresent());
            given.put("--frequencies", !frequencies.isEmpty());
            given.put("--log-frequency", logarithmic);
            given.put("--decibels", !decibels.isEmpty());
            given.put("--colours", colours.isPresent());
        }
        return given;
    }
}
