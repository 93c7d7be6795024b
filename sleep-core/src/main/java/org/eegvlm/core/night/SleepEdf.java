package org.eegvlm.core.night;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How Sleep-EDF Expanded (Kemp et al. 2000, PhysioNet) names its files: {@code SC4ssNEO-PSG.edf} and {@code
 * ST7ssNJ0-PSG.edf} for night N of subject ss, with {@code …-Hypnogram.edf} beside each, whose eighth letter is the
 * scorer's.
 *
 * @param study which of the two
 * @param subject {@code SC400}: study and person
 * @param night {@code SC4001}: the same night's files share it
 * @param scorer who scored, of a hypnogram; empty for signals
 */
public record SleepEdf(Study study, String subject, String night, Optional<Character> scorer) {

    /** The two studies. */
    public enum Study {
        /** Sleep cassette: a day and a night at home, 1987 to 1991. */
        SC("sleep-cassette"),
        /** Sleep telemetry: a night in hospital, 1994. */
        ST("sleep-telemetry");

        private final String folder;

        Study(String folder) {
            this.folder = folder;
        }

        /** Where PhysioNet keeps its files. */
        public String folder() {
            return folder;
        }

        /** The workbook that tells its subjects, at PhysioNet beside that folder. */
        public String table() {
            return name() + "-subjects.xls";
        }
    }

    private static final Pattern NAME = Pattern.compile("(SC4|ST7)(\\d\\d)(\\d)[A-Z](\\w)-(PSG|Hypnogram)\\.edf");

    /** Nights that were recorded and lost, as PhysioNet's page tells. */
    private static final Map<String, String> LOST = Map.of(
            "SC4132", "a failing cassette or laserdisk",
            "SC4361", "a failing cassette or laserdisk",
            "SC4521", "a failing cassette or laserdisk");

    /** Nothing where a file is named otherwise. */
    public static Optional<SleepEdf> of(String fileName) {
        var parts = NAME.matcher(fileName);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var study = parts.group(1).equals("SC4") ? Study.SC : Study.ST;
        var subject = parts.group(1) + parts.group(2);
        boolean scored = parts.group(5).equals("Hypnogram");
        return Optional.of(new SleepEdf(
                study,
                subject,
                subject + parts.group(3),
                scored ? Optional.of(parts.group(4).charAt(0)) : Optional.empty()));
    }

    /** Why there is no such night, where it is known. */
    public static Optional<String> whyMissing(String night) {
        return Optional.ofNullable(LOST.get(night)).map(why -> night + " was lost to " + why);
    }
}
