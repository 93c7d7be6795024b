package org.eegvlm.core.night;

import java.util.Locale;
import org.eegvlm.core.ScoredStage;

/**
 * The one door for words that name stages, in and out. EDF+ lists the annotations (edfplus.info, "standard texts") and
 * Sleep-EDF uses them; text files have the same words without "Sleep stage", and ours.
 */
final class StageLabels {

    static final String KNOWN = "Sleep stage W, 1, 2, 3, 4, R, N1, N2, N3, ?; Movement time";

    private static final String PREFIX = "sleep stage";

    private StageLabels() {}

    /** Whether an annotation tells a stage, or claims to; the others ("Lights off") are no business of a hypnogram. */
    static boolean speaksOfStage(String annotation) {
        var words = normal(annotation);
        return words.startsWith(PREFIX) || words.equals("movement time");
    }

    /**
     * What an annotation or a word in a text file means.
     *
     * @throws IllegalArgumentException if it is no known word
     */
    static ScoredStage stage(String label) {
        var words = normal(label);
        return switch (words.startsWith(PREFIX)
                ? words.substring(PREFIX.length()).strip()
                : words) {
            case "w", "wake" -> ScoredStage.WAKE;
            case "1", "n1", "s1" -> ScoredStage.N1;
            case "2", "n2", "s2" -> ScoredStage.N2;
            case "3", "n3", "s3" -> ScoredStage.N3;
            case "4", "n4", "s4" -> ScoredStage.N4;
            case "r", "rem" -> ScoredStage.REM;
            case "movement time", "movement", "mt", "m" -> ScoredStage.MOVEMENT;
            case "?", "unscored", "unknown" -> ScoredStage.UNSCORED;
            default ->
                throw new IllegalArgumentException("unknown stage label '%s'; known are: %s".formatted(label, KNOWN));
        };
    }

    /** The standard text of EDF+; a stage scored by the AASM's manual is written as Sleep-EDF writes it. */
    static String annotation(ScoredStage stage) {
        return switch (stage) {
            case WAKE -> "Sleep stage W";
            case N1 -> "Sleep stage 1";
            case N2 -> "Sleep stage 2";
            case N3 -> "Sleep stage 3";
            case N4 -> "Sleep stage 4";
            case REM -> "Sleep stage R";
            case MOVEMENT -> "Movement time";
            case UNSCORED -> "Sleep stage ?";
        };
    }

    private static String normal(String label) {
        return label.strip().toLowerCase(Locale.ROOT);
    }
}
