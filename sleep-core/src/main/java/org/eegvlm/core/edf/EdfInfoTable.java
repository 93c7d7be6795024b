package org.eegvlm.core.edf;

import java.util.Map;
import java.util.TreeMap;
import org.eegvlm.core.io.Printable;

/** A recording at a glance, for a terminal. */
final class EdfInfoTable {

    private static final int MOST_TEXTS = 12;
    private static final int LONGEST_TEXT = 240;

    private final EdfInfo info;
    private final StringBuilder text = new StringBuilder();

    private EdfInfoTable(EdfInfo info) {
        this.info = info;
    }

    static String of(EdfInfo info) {
        var table = new EdfInfoTable(info);
        table.head();
        table.signals();
        table.annotations();
        table.warnings();
        return table.text.toString().stripTrailing();
    }

    private void head() {
        line(
                "%s, started %s",
                info.format(),
                info.start().map(start -> start.replace('T', ' ')).orElse("at an unknown time"));
        line("%s recorded (%d × %s s)", clock(), info.recordCount(), number(info.recordSeconds()));
    }

    private void signals() {
        if (info.signals().isEmpty()) {
            line("no signals");
            return;
        }
        int width =
                info.signals().stream().mapToInt(s -> s.label().length()).max().orElseThrow();
        var row = "  %-" + Math.max(width, 6) + "s %10s %-8s %11s %24s";
        line("");
        line(row, "signal", "Hz", "unit", "samples", "range");
        for (var signal : info.signals()) {
            line(
                    row,
                    clean(signal.label()),
                    number(signal.rateHz()),
                    clean(signal.unit()),
                    signal.samples(),
                    number(signal.physicalMin()) + " to " + number(signal.physicalMax()));
            signal.sha256().ifPresent(sha256 -> line("    %s", sha256));
        }
    }

    private void annotations() {
        if (info.annotations().isEmpty()) {
            return;
        }
        var counts = new TreeMap<String, Integer>();
        info.annotations().forEach(text -> counts.merge(text.text(), 1, Integer::sum));
        line("");
        line("annotations: %d", info.annotations().size());
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_TEXTS)
                .forEach(entry -> line("  %6d  %s", entry.getValue(), clean(entry.getKey())));
        if (counts.size() > MOST_TEXTS) {
            line("  and %d other texts", counts.size() - MOST_TEXTS);
        }
    }

    private void warnings() {
        if (!info.warnings().isEmpty()) {
            line("");
            info.warnings().forEach(warning -> line("warning: %s", clean(warning)));
        }
    }

    private String clock() {
        long seconds = Math.round(info.recordCount() * info.recordSeconds());
        return "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    private static String clean(String text) {
        var clipped = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
        return Printable.line(clipped);
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }
}
