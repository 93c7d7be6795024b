import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eegvlm.core.Progress;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.signal.ConditionedSignals;
import org.eegvlm.core.signal.Conditioning;
import org.eegvlm.core.signal.Window;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRenderer;
import org.eegvlm.vision.render.RenderSpec;
import org.eegvlm.vision.render.WaveformLook;

/** Our side of render_speed.sh: simulates the epochs, and draws them. One line a figure: name, pictures a second. */
final class RenderSpeed {

    private static final List<String> CHANNELS = List.of("EEG Fpz-Cz", "EEG Pz-Oz", "EOG horizontal");
    private static final int EPOCHS = 64;

    private interface Drawing {
        int of(EegImage image);
    }

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        var folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "make" -> make(folder);
            case "draw" -> draw(folder, Double.parseDouble(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** A simulated night, and its epochs as float32 [epoch, channel, sample] for the other side. */
    private static void make(Path folder) throws IOException {
        new Simulation(new SimulationConfig(folder.resolve("raw"), 1, EPOCHS, 0), Progress.SILENT).run();
        var bytes = ByteBuffer.allocate(EPOCHS * CHANNELS.size() * 3000 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var epoch : epochs(folder, CHANNELS)) {
            for (var window : epoch) {
                for (float value : window.microvolts()) {
                    bytes.putFloat(value);
                }
            }
        }
        Files.write(folder.resolve("epochs.f32"), bytes.array());
    }

    private static List<List<Window>> epochs(Path folder, List<String> channels) throws IOException {
        try (var recording = EdfRecording.open(folder.resolve("raw/SIM4011E0-PSG.edf"))) {
            var signals = new ConditionedSignals(recording, channels, Conditioning.NONE);
            var epochs = new ArrayList<List<Window>>();
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                epochs.add(signals.read(30.0 * epoch, 30));
            }
            return epochs;
        }
    }

    private static void draw(Path folder, double seconds) throws IOException {
        for (int channels : new int[] {1, 3}) {
            var labels = CHANNELS.subList(0, channels);
            var epochs = epochs(folder, labels);
            var waveform = RenderSpec.WAVEFORM.withChannels(labels)
                    .with(WaveformLook.DEFAULT.withRows(channels == 1 ? 6 : 2));
            var tensors = Picture.DEFAULT.withSize(waveform.canvas().width());
            figure(channels + " png", waveform, epochs, seconds, image -> image.png().length);
            figure(channels + " tensor", waveform, epochs, seconds, image -> tensors.batch(List.of(image)).levels().length);
            figure(channels + " floats", waveform, epochs, seconds, image -> tensors.batch(List.of(image)).values().length);
            var spectrogram = RenderSpec.SPECTROGRAM.withChannels(labels);
            figure(channels + " spectrogram png", spectrogram, epochs, seconds, image -> image.png().length);
            figure(channels + " spectrogram tensor", spectrogram, epochs, seconds,
                    image -> tensors.batch(List.of(image)).levels().length);
        }
    }

    /** Pictures in a second of the processor's; the first half warms up. */
    private static void figure(
            String name, RenderSpec spec, List<List<Window>> epochs, double seconds, Drawing drawing) {
        try (var renderer = new EpochRenderer(spec)) {
            draw(renderer, epochs, seconds, drawing);
            System.out.printf("%s\t%.1f%n", name, draw(renderer, epochs, seconds, drawing));
        }
    }

    private static double draw(
            EpochRenderer renderer, List<List<Window>> epochs, double seconds, Drawing drawing) {
        long start = cpuNanos();
        int done = 0;
        while (cpuNanos() - start < seconds * 1e9) {
            for (var epoch : epochs) {
                if (drawing.of(renderer.render(epoch)) == 0) {
                    throw new IllegalStateException("nothing was drawn");
                }
                done++;
            }
        }
        return done / ((cpuNanos() - start) / 1e9);
    }

    /** Of all threads: what the compiler and the collector take counts too. */
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
