package org.eegvlm.core.score;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eegvlm.core.SleepStage;

/**
 * Reads the stage out of a model's free text.
 *
 * <ol>
 *   <li>What counts is the last clause {@code stage is …}, up to the end of its sentence: a reason may come before or
 *       after it, and a model that corrects itself is taken at its last word.
 *   <li>A stage is {@code Wake}, {@code W}, {@code N1}, {@code N2}, {@code N3}, {@code REM} or {@code R}, as a word of
 *       its own; letter case does not count. {@code Non-REM} is no stage.
 *   <li>A clause that names no stage, or two different ones, or that says {@code not}, is unreadable. Nothing is guessed.
 * </ol>
 */
public final class AnswerParser {

    private static final Pattern CLAUSE = Pattern.compile("\\bstage\\s+is\\b([^.;!?\\n]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}-]+");

    private AnswerParser() {}

    /** The stage that the text states. */
    public static ParsedAnswer parse(String text) {
        return CLAUSE.matcher(text)
                .results()
                .reduce((earlier, later) -> later)
                .flatMap(last -> onlyStage(last.group(1)))
                .<ParsedAnswer>map(ParsedAnswer.Staged::new)
                .orElseGet(() -> new ParsedAnswer.Unreadable(text));
    }

    private static Optional<SleepStage> onlyStage(String clause) {
        var words = BETWEEN_WORDS.splitAsStream(clause.toUpperCase(Locale.ROOT)).toList();
        var named =
                words.stream().flatMap(word -> stage(word).stream()).distinct().toList();
        return named.size() == 1 && !words.contains("NOT") ? Optional.of(named.get(0)) : Optional.empty();
    }

    private static Optional<SleepStage> stage(String word) {
        return switch (word) {
            case "WAKE", "W" -> Optional.of(SleepStage.WAKE);
            case "N1" -> Optional.of(SleepStage.N1);
            case "N2" -> Optional.of(SleepStage.N2);
            case "N3" -> Optional.of(SleepStage.N3);
            case "REM", "R" -> Optional.of(SleepStage.REM);
            default -> Optional.empty();
        };
    }
}
