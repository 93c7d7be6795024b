package org.eegvlm.core.night;

import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.SleepStage;

/**
 * The one door for annotation labels. Rechtschaffen and Kales (1968) had four stages of non-REM sleep; their stages 3
 * and 4 are the AASM's N3. EDF+ lists these labels (edfplus.info, "standard texts"), Sleep-EDF uses them.
 */
final class StageLabels {

    static final String KNOWN = "Sleep stage W, 1, 2, 3, 4, R, N1, N2, N3, ?; Movement time";

    private StageLabels() {}

    /** Whether a label tells a stage, or claims to; the others ("Lights off") are no business of a hypnogram. */
    static boolean speaksOfStage(String label) {
        var words = normal(label);
        return words.startsWith("sleep stage") || words.equals("movement time");
    }

    /**
     * The stage, or nothing where the scorer gave none.
     *
     * @throws IllegalArgumentException if the label is none of {@link #KNOWN}
     */
    static Optional<SleepStage> stage(String label) {
        return switch (normal(label)) {
            case "sleep stage w" -> Optional.of(SleepStage.WAKE);
            case "sleep stage 1", "sleep stage n1" -> Optional.of(SleepStage.N1);
            case "sleep stage 2", "sleep stage n2" -> Optional.of(SleepStage.N2);
            case "sleep stage 3", "sleep stage 4", "sleep stage n3" -> Optional.of(SleepStage.N3);
            case "sleep stage r" -> Optional.of(SleepStage.REM);
            case "sleep stage ?", "movement time" -> Optional.empty();
            default ->
                throw new IllegalArgumentException("unknown stage label '%s'; known are: %s".formatted(label, KNOWN));
        };
    }

    private static String normal(String label) {
        return label.strip().toLowerCase(Locale.ROOT);
    }
}
