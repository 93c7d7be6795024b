package org.eegvlm.core.score;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eegvlm.core.SleepStage;

/** Scores as lines of text of equal columns. */
final class ScoreTable {

    private ScoreTable() {}

    static String of(Scores scores) {
        var text = new StringBuilder();
        line(text, "%-12s %6s %9s %9s %7s %11s", "", "epochs", "accuracy", "macro-F1", "kappa", "unreadable");
        scores.subjects().forEach((subject, figures) -> figures(text, subject, figures));
        figures(text, "all", scores.overall());
        text.append('\n');
        line(text, "%-12s %9s %9s %7s %8s", "stage", "precision", "recall", "F1", "epochs");
        scores.overall()
                .stages()
                .forEach((stage, f) -> line(
                        text, "%-12s %9.3f %9.3f %7.3f %8d", stage, f.precision(), f.recall(), f.f1(), f.support()));
        text.append('\n');
        confusion(text, scores.overall().confusion());
        return text.toString();
    }

    private static void figures(StringBuilder text, String name, Scores.Figures f) {
        line(
                text,
                "%-12s %6d %9.3f %9.3f %7.3f %11d",
                name,
                f.n(),
                f.accuracy(),
                f.macroF1(),
                f.kappa(),
                f.unreadable());
    }

    private static void confusion(StringBuilder text, ConfusionMatrix matrix) {
        var columns = SleepStage.labels().split(", ");
        line(text, "%-12s%s %11s", "truth\\answer", cells("%6s", (Object[]) columns), "unreadable");
        for (var truth : SleepStage.values()) {
            var row = matrix.counts().get(truth.ordinal());
            var answered = row.subList(0, columns.length).toArray();
            line(text, "%-12s%s %11d", truth.label(), cells("%6d", answered), matrix.unreadable(truth));
        }
    }

    private static String cells(String format, Object... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> format.formatted(values[i]))
                .collect(Collectors.joining());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
