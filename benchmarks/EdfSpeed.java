import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;

/** Our side of edf_speed.sh: makes a recording of Sleep-EDF's layout, and reads it. One line a figure: name, milliseconds. */
final class EdfSpeed {

    private static final int EPOCHS = 22 * 120;
    private static final String CHANNEL = "EEG Fpz-Cz";
    private static final int WINDOWS = 2000;

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        var file = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "make" -> make(file);
            case "channel" -> channel(file, Integer.parseInt(arguments[2]));
            case "windows" -> windows(file);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void make(Path file) throws IOException {
        var signals = IntStream.range(0, 7)
                .mapToObj(i -> new EdfSignal(
                        i == 0 ? CHANNEL : "signal " + i, "", "uV", -192, 192, -2048, 2047, "", i < 3 ? 3000 : 30))
                .toList();
        var header = EdfHeader.plain("X X X X", "Startdate X X X X", LocalDateTime.of(1989, 4, 24, 16, 13), 30, signals);
        var random = new Random(0);
        try (var writer = EdfWriter.create(file, header, EPOCHS)) {
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                writer.append(signals.stream()
                        .map(signal -> random.ints(signal.samplesPerRecord(), -2048, 2048).toArray())
                        .toArray(int[][]::new));
            }
        }
    }

    /** Opens, reads the whole channel, closes; the first time is a cold machine's, the median a warm one's. */
    private static void channel(Path file, int rounds) throws IOException {
        var times = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            try (var recording = EdfRecording.open(file)) {
                var channel = recording.channel(CHANNEL);
                check(recording.microvolts(channel, 0, (int) channel.samples()));
            }
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        print("first", times[0]);
        print("median", median(times));
        print("resident_mb", peakMegabytes());
    }

    private static void windows(Path file) throws IOException {
        var random = new Random(1);
        var times = new double[WINDOWS];
        try (var recording = EdfRecording.open(file)) {
            var channel = recording.channel(CHANNEL);
            for (int i = 0; i < WINDOWS; i++) {
                long first = 3000L * random.nextInt(EPOCHS - 1) + random.nextInt(3000);
                long start = System.nanoTime();
                check(recording.microvolts(channel, first, 3000));
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        print("first", times[0]);
        print("median", median(times));
        Arrays.sort(times);
        print("of 100 the slowest", times[WINDOWS * 99 / 100]);
    }

    private static void check(float[] samples) {
        if (samples.length == 0 || Float.isNaN(samples[samples.length - 1])) {
            throw new IllegalStateException("nothing was read");
        }
    }

    private static double median(double[] times) {
        var sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double peakMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1e3)
                .findFirst()
                .orElse(0);
    }

    private static void print(String name, double value) {
        System.out.printf("%s\t%.3f%n", name, value);
    }
}
