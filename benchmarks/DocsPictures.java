import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.eegvlm.core.Progress;
import org.eegvlm.core.Recording;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.signal.Conditioning;
import org.eegvlm.core.signal.ConditionedSignals;
import org.eegvlm.core.signal.Multitaper;
import org.eegvlm.core.signal.Spectrogram;
import org.eegvlm.core.signal.Window;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRenderer;
import org.eegvlm.vision.render.RenderSpec;

/** Of docs_pictures.sh: makes the pictures of docs/pictures.md from simulated nights. */
final class DocsPictures {

    private static final int SIDE = 224;
    private static final int GAP = 4;
    private static final int WINDOW = 512;
    private static final String FRONTAL = "EEG Fpz-Cz";
    private static final String OCCIPITAL = "EEG Pz-Oz";

    /** Of the AASM manual (Berry et al. 2012), and where its name stands. */
    private record Rhythm(SleepStage stage, String name, double lowHz, double highHz, int line) {}

    private static final List<Rhythm> RHYTHMS = List.of(
            new Rhythm(SleepStage.N3, "slow waves (N3)", 0.5, 2, 0),
            new Rhythm(SleepStage.REM, "saw-teeth (REM)", 2, 6, 1),
            new Rhythm(SleepStage.N1, "theta (N1)", 4, 7, 2),
            new Rhythm(SleepStage.WAKE, "alpha (W)", 8, 13, 0),
            new Rhythm(SleepStage.N2, "spindles (N2)", 11, 16, 1));

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        var folder = Path.of(arguments[0]);
        var docs = Path.of(arguments[1]);
        var nights = new Simulation(new SimulationConfig(folder.resolve("raw"), 6, 480, 0), Progress.SILENT).run();
        ImageIO.write(contactSheet(nights.get(0)), "png", docs.resolve("stages.png").toFile());
        Files.writeString(docs.resolve("spectra.svg"), Spectra.chart(spectra(nights, FRONTAL), spectra(nights, OCCIPITAL)));
    }

    /** Above waveforms, below spectrograms, of W, N1, N2, N3 and REM. */
    private static BufferedImage contactSheet(Night night) throws IOException {
        var canvas = new RenderSpec.Canvas(SIDE, SIDE);
        int stages = SleepStage.values().length;
        int width = stages * (SIDE + GAP) - GAP;
        int height = 2 * SIDE + GAP;
        var rgb = new int[height][width];
        for (var row : rgb) {
            Arrays.fill(row, 0xFFFFFF);
        }
        try (var recording = night.open();
                var waveforms = new EpochRenderer(RenderSpec.WAVEFORM.withCanvas(canvas));
                var spectrograms = new EpochRenderer(RenderSpec.SPECTROGRAM.withCanvas(canvas))) {
            var signals = new ConditionedSignals(recording, List.of(FRONTAL), Conditioning.NONE);
            var typical = typicalEpochs(night, recording);
            for (var stage : SleepStage.values()) {
                var windows = signals.read(30.0 * typical.get(stage), 30);
                int left = stage.ordinal() * (SIDE + GAP);
                put(waveforms.render(windows), rgb, left, 0);
                put(spectrograms.render(windows), rgb, left, SIDE + GAP);
            }
        }
        return indexed(rgb);
    }

    /** Of each stage, amid others of it, the epoch in which its own rhythm is strongest. */
    private static Map<SleepStage, Integer> typicalEpochs(Night night, Recording recording) throws IOException {
        var signals = new ConditionedSignals(recording, List.of(FRONTAL), Conditioning.NONE);
        var epochs = night.scored(recording).hypnogram().epochs();
        var strongest = new EnumMap<SleepStage, Double>(SleepStage.class);
        var typical = new EnumMap<SleepStage, Integer>(SleepStage.class);
        for (int epoch = 1; epoch + 1 < epochs.size(); epoch++) {
            var stage = epochs.get(epoch).stage();
            if (stage.equals(epochs.get(epoch - 1).stage()) && stage.equals(epochs.get(epoch + 1).stage())) {
                var window = signals.read(30.0 * epoch, 30).get(0);
                double share = share(window, rhythm(stage.orElseThrow()));
                if (share > strongest.getOrDefault(stage.orElseThrow(), 0.0)) {
                    strongest.put(stage.orElseThrow(), share);
                    typical.put(stage.orElseThrow(), epoch);
                }
            }
        }
        return typical;
    }

    private static Rhythm rhythm(SleepStage stage) {
        return RHYTHMS.stream().filter(rhythm -> rhythm.stage == stage).findFirst().orElseThrow();
    }

    private static double share(Window window, Rhythm rhythm) {
        double whole = 0;
        double own = 0;
        for (var density : Spectrogram.hann(doubles(window.microvolts()), 100, WINDOW, WINDOW / 2).density()) {
            for (int k = 0; k < density.length; k++) {
                double hz = k * 100.0 / WINDOW;
                whole += density[k];
                own += rhythm.lowHz <= hz && hz <= rhythm.highHz ? density[k] : 0;
            }
        }
        return own / whole;
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static void put(EegImage image, int[][] rgb, int left, int top) {
        var pixels = image.rgb();
        for (int y = 0, at = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++, at += 3) {
                // Five or six bits a colour: fewer than 256 colours, and nobody sees it.
                rgb[top + y][left + x] =
                        (pixels[at] & 0xF8) << 16 | (pixels[at + 1] & 0xF8) << 8 | (pixels[at + 2] & 0xF8);
            }
        }
    }

    private static BufferedImage indexed(int[][] rgb) {
        var colours = new TreeSet<Integer>();
        for (var row : rgb) {
            for (int colour : row) {
                colours.add(colour);
            }
        }
        if (colours.size() > 256) {
            throw new IllegalStateException(colours.size() + " colours are too many for a palette");
        }
        var palette = new ArrayList<>(colours);
        var table = palette.stream().mapToInt(colour -> colour | (colour & 0xE0E0E0) >> 5).toArray();
        var model = new IndexColorModel(8, table.length, table, 0, false, -1, DataBuffer.TYPE_BYTE);
        var image = new BufferedImage(rgb[0].length, rgb.length, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int y = 0; y < rgb.length; y++) {
            for (int x = 0; x < rgb[0].length; x++) {
                image.getRaster().setSample(x, y, 0, palette.indexOf(rgb[y][x]));
            }
        }
        return image;
    }

    /** The mean density of each stage, by multitaper over 5.12 s. */
    private static Map<SleepStage, double[]> spectra(List<Night> nights, String channel) throws IOException {
        var multitaper = new Multitaper(WINDOW, 100, 1);
        var sums = new EnumMap<SleepStage, double[]>(SleepStage.class);
        var counts = new EnumMap<SleepStage, Integer>(SleepStage.class);
        for (var night : nights) {
            try (var recording = night.open()) {
                var signals = new ConditionedSignals(recording, List.of(channel), Conditioning.NONE);
                var epochs = night.scored(recording).hypnogram().epochs();
                for (int epoch = 0; epoch < epochs.size(); epoch++) {
                    var stage = epochs.get(epoch).stage().orElseThrow();
                    var samples = signals.read(30.0 * epoch, 30).get(0).microvolts();
                    var sum = sums.computeIfAbsent(stage, any -> new double[WINDOW / 2 + 1]);
                    for (int from = 0; from + WINDOW <= samples.length; from += WINDOW) {
                        var density = multitaper.density(doubles(Arrays.copyOfRange(samples, from, from + WINDOW)));
                        for (int k = 0; k < sum.length; k++) {
                            sum[k] += density[k];
                        }
                        counts.merge(stage, 1, Integer::sum);
                    }
                }
            }
        }
        sums.forEach((stage, sum) -> {
            for (int k = 0; k < sum.length; k++) {
                sum[k] /= counts.get(stage);
            }
        });
        return sums;
    }

    /** The chart. */
    private static final class Spectra {

        private static final double HIGH_HZ = 30;
        private static final double LOW_DB = -12;
        private static final double HIGH_DB = 32;
        private static final String[] COLOURS = {"#d55e00", "#cc79a7", "#0072b2", "#000000", "#009e73"};

        static String chart(Map<SleepStage, double[]> frontal, Map<SleepStage, double[]> occipital) {
            var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 400\" "
                    + "font-family=\"sans-serif\" font-size=\"11\" style=\"background:#fff\">\n"
                    + "<title>Spectra of the simulated stages beside the bands of their rhythms</title>\n");
            panel(svg, 40, "Fpz-Cz", frontal);
            panel(svg, 520, "Pz-Oz", occipital);
            return svg.append("</svg>\n").toString();
        }

        private static void panel(StringBuilder svg, double left, String name, Map<SleepStage, double[]> spectra) {
            for (var rhythm : RHYTHMS) {
                double from = x(left, rhythm.lowHz);
                double to = x(left, rhythm.highHz);
                double y = 24 + 16 * rhythm.line;
                svg.append("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#0072b2\" opacity=\"0.07\"/>%n"
                        .formatted(from, y, to - from, 370 - y));
                svg.append("<text x=\"%.1f\" y=\"%.1f\">%s</text>%n".formatted(from + 2, y + 11, rhythm.name));
            }
            for (int hz = 0; hz <= HIGH_HZ; hz += 5) {
                svg.append("<text x=\"%.1f\" y=\"384\" text-anchor=\"middle\">%d</text>%n".formatted(x(left, hz), hz));
            }
            for (int db = -10; db <= 30; db += 10) {
                svg.append("<path d=\"M%.1f %.1fH%.1f\" stroke=\"#dfe4ea\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%d</text>%n"
                        .formatted(left, y(db), left + 420, left - 4, y(db) + 4, db));
            }
            svg.append("<text x=\"%.1f\" y=\"14\">%s: dB re 1 µV²/Hz over Hz</text>%n".formatted(left, name));
            for (var stage : SleepStage.values()) {
                var density = spectra.get(stage);
                var d = new StringBuilder();
                for (int k = 3; k * 100.0 / 512 <= HIGH_HZ; k++) {
                    d.append(d.isEmpty() ? "M" : "L").append("%.1f %.1f".formatted(x(left, k * 100.0 / 512), y(10 * Math.log10(density[k]))));
                }
                var colour = COLOURS[stage.ordinal()];
                svg.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>%n".formatted(d, colour));
                svg.append("<text x=\"%.1f\" y=\"%d\" fill=\"%s\" font-weight=\"bold\">%s</text>%n"
                        .formatted(left + 370, 90 + 16 * stage.ordinal(), colour, stage.label()));
            }
        }

        private static double x(double left, double hz) {
            return left + 420 * hz / HIGH_HZ;
        }

        private static double y(double db) {
            return 370 - 300 * (db - LOW_DB) / (HIGH_DB - LOW_DB);
        }
    }
}
