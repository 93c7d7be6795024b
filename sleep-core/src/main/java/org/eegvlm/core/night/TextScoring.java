package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.ScoredStage;

/**
 * A hypnogram as text: one stage a line, or a table with a heading, of which the columns {@code onset} (seconds),
 * {@code duration} (seconds) and {@code label} (or {@code stage} or {@code description}) are read. A stage is a word that
 * {@link StageLabels} knows, or a number, which means what the given {@link StageCodes} say.
 */
final class TextScoring {

    private static final List<String> STAGE_COLUMNS = List.of("label", "stage", "description");

    private final Path source;
    private final Optional<StageCodes> codes;
    private final Duration step;

    /** @param step how long a line stands for, and a row of a table without a duration */
    TextScoring(Path source, Optional<StageCodes> codes, Duration step) {
        this.source = source;
        this.codes = codes;
        this.step = step;
    }

    private record Columns(int onset, Optional<Integer> duration, int stage, String separator) {

        /** Nothing where the line is no heading of a table. */
        static Optional<Columns> of(String line) {
            var separator = line.contains("\t") ? "\t" : line.contains(";") ? ";" : ",";
            var names = new ArrayList<String>();
            for (var name : line.split(separator, -1)) {
                names.add(bare(name).toLowerCase(Locale.ROOT));
            }
            int onset = names.indexOf("onset");
            int duration = names.indexOf("duration");
            return STAGE_COLUMNS.stream()
                    .map(names::indexOf)
                    .filter(column -> column >= 0 && onset >= 0)
                    .map(column -> new Columns(
                            onset, duration < 0 ? Optional.empty() : Optional.of(duration), column, separator))
                    .findFirst();
        }
    }

    Scoring read() throws IOException {
        double seconds = step.toNanos() / 1e9;
        var stretches = new ArrayList<Scoring.Stretch>();
        Optional<Columns> columns = Optional.empty();
        try (var lines = TextLines.open(source)) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                if (!TextLines.isSample(line.get(), lines.number())) {
                    continue;
                }
                if (stretches.isEmpty() && columns.isEmpty()) {
                    columns = Columns.of(line.get());
                    if (columns.isPresent()) {
                        continue;
                    }
                }
                Scorings.requireFew(source, stretches.size());
                var place = "line " + lines.number();
                stretches.add(
                        columns.isPresent()
                                ? row(line.get(), columns.get(), lines.number())
                                : new Scoring.Stretch(
                                        stretches.size() * seconds,
                                        (stretches.size() + 1) * seconds,
                                        stage(line.get().strip(), place)));
            }
        }
        return new Scoring(stretches);
    }

    private Scoring.Stretch row(String line, Columns columns, int number) throws MalformedDataException {
        var place = "line " + number;
        var cells = line.split(columns.separator, -1);
        double onset = number(cell(cells, columns.onset, place), number);
        double duration = columns.duration.isPresent()
                ? number(cell(cells, columns.duration.get(), place), number)
                : step.toNanos() / 1e9;
        if (!(duration > 0)) {
            throw new MalformedDataException(source, place, "a stage must last, its duration is " + duration);
        }
        return new Scoring.Stretch(onset, onset + duration, stage(cell(cells, columns.stage, place), place));
    }

    private String cell(String[] cells, int column, String place) throws MalformedDataException {
        if (column >= cells.length) {
            throw new MalformedDataException(source, place, "has fewer columns than the heading");
        }
        return bare(cells[column]);
    }

    private double number(String text, int line) throws MalformedDataException {
        return TextLines.number(source, line, text);
    }

    private ScoredStage stage(String text, String place) throws MalformedDataException {
        try {
            if (!text.matches("[+-]?[0-9.]+")) {
                return StageLabels.stage(text);
            }
            double code = Double.parseDouble(text);
            if (code != Math.rint(code) || Math.abs(code) > 1000) {
                throw new IllegalArgumentException("'%s' is no stage code".formatted(text));
            }
            return codes.orElseThrow(() -> new IllegalArgumentException(
                            "'%s' can mean several stages; tell which codes they are: dreams, edf or aasm"
                                    .formatted(text)))
                    .stage((int) code);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(source, place, String.valueOf(e.getMessage()));
        }
    }

    private static String bare(String cell) {
        return cell.strip().replaceFirst("^\"(.*)\"$", "$1").strip();
    }
}
