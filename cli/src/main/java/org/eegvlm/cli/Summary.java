package org.eegvlm.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;

/**
 * What came of a demo: everybody's figures on the same evaluation epochs.
 *
 * @param seconds of the run that finished it
 * @param peakRssMb the most memory that run held at once; 0 where the system does not tell
 * @param modes by who answered
 */
record Summary(
        long seed,
        double seconds,
        @JsonProperty("peakRssMb") long peakRssMb,
        Map<String, Figures> modes) {

    record Figures(double accuracy, @JsonProperty("macroF1") double macroF1, double kappa, int unreadable, int n) {

        static Figures of(Path answers) throws IOException {
            var overall = Scores.of(Answer.readAll(answers)).overall();
            return new Figures(
                    overall.accuracy(), overall.macroF1(), overall.kappa(), overall.unreadable(), overall.n());
        }
    }

    /** The figures as a table for the terminal. */
    String table() {
        var header = String.format(
                Locale.ROOT,
                "%-20s %8s %9s %7s %11s %7s%n",
                "",
                "accuracy",
                "macro-F1",
                "kappa",
                "unreadable",
                "epochs");
        return modes.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("", header, ""));
    }

    private static String line(String who, Figures f) {
        return String.format(
                Locale.ROOT,
                "%-20s %8.3f %9.3f %7.3f %11d %7d%n",
                who,
                f.accuracy(),
                f.macroF1(),
                f.kappa(),
                f.unreadable(),
                f.n());
    }

    /** The most memory that this process has held at once, in MB. */
    static long peakResidentMegabytes() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
