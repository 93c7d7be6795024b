import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.eegvlm.core.Progress;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;

/** Of render_nights.sh: renders simulated nights, one after the other, in one JVM, and watches its speed and memory. */
final class RenderNights {

    private static final int NIGHTS_AT_ONCE = 8;
    private static final int EPOCHS = 960;
    private static final SubjectSplit NOBODY_ELSE = new SubjectSplit(0, 0, 0);

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        var folder = Path.of(arguments[0]);
        int nights = (Integer.parseInt(arguments[1]) + EPOCHS - 1) / EPOCHS;
        var simulation = new SimulationConfig(folder.resolve("raw"), NIGHTS_AT_ONCE, EPOCHS, 0);
        var recorded = new Simulation(simulation, Progress.SILENT).run();
        var seconds = new ArrayList<Double>();
        double residentAfterTen = 0;
        for (int night = 0; night < nights; night++) {
            seconds.add(render(recorded.get(night % NIGHTS_AT_ONCE), folder.resolve("pictures")));
            if (night == 9) {
                residentAfterTen = residentMegabytes();
            }
        }
        int quarter = nights / 4;
        double first = rate(seconds.subList(0, quarter));
        double last = rate(seconds.subList(nights - quarter, nights));
        double resident = residentMegabytes();
        System.out.printf(
                "%d nights, %d epochs%n"
                        + "first quarter %.3f nights/s, last quarter %.3f: %+.1f %% (limit -10 %%)%n"
                        + "resident %.0f MB after night 10, %.0f MB at the end: %+.1f %% (limit +5 %%)%n",
                nights, nights * EPOCHS, first, last, 100 * (last / first - 1), residentAfterTen, resident,
                100 * (resident / residentAfterTen - 1));
    }

    private static double render(Night night, Path output) throws IOException {
        long start = System.nanoTime();
        var config = new RenderConfig(List.of(night), output, RenderSpec.WAVEFORM, NOBODY_ELSE, 2, false);
        new EpochRendering(config, Progress.SILENT).run();
        double seconds = (System.nanoTime() - start) / 1e9;
        delete(output);
        return seconds;
    }

    /** By the middle night, so that a pause of the machine's does not count. */
    private static double rate(List<Double> seconds) {
        var sorted = seconds.stream().mapToDouble(value -> value).toArray();
        Arrays.sort(sorted);
        return 1 / sorted[sorted.length / 2];
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1e3)
                .findFirst()
                .orElseThrow();
    }
}
