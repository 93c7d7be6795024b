package org.eegvlm.core.edf;

import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the patient identification of a recording tells of somebody, without a name: EDF+ has fields for sex and date of
 * birth; Sleep-EDF keeps the age in place of the name, {@code X F X Female_33yr}.
 *
 * @param ageYears in whole years, when the recording started
 */
public record Person(Optional<Sex> sex, Optional<Integer> ageYears) {

    /** As EDF+ has it. */
    public enum Sex {
        FEMALE,
        MALE
    }

    /** Somebody of whom nothing is known. */
    public static final Person UNKNOWN = new Person(Optional.empty(), Optional.empty());

    private static final int OLDEST = 150;
    private static final Pattern AGE = Pattern.compile("(?:Fem|M)ale_(\\d{1,3})yr");

    /**
     * @param patient the identification, as it stands in the header
     * @param recorded the day on which the recording started
     */
    static Person of(String patient, Optional<LocalDate> recorded) {
        var fields = patient.strip().split(" ");
        if (fields.length < 4) { // not EDF+'s, so what stands where is not known
            return UNKNOWN;
        }
        var sex = Optional.ofNullable(
                switch (fields[1]) {
                    case "F" -> Sex.FEMALE;
                    case "M" -> Sex.MALE;
                    default -> null;
                });
        var age = StartTime.day(fields[2])
                .flatMap(born -> recorded.map(day -> Period.between(born, day).getYears()))
                .or(() -> spelled(fields[3]))
                .filter(years -> years >= 0 && years <= OLDEST);
        return new Person(sex, age);
    }

    private static Optional<Integer> spelled(String name) {
        var match = AGE.matcher(name);
        return match.matches() ? Optional.of(Integer.valueOf(match.group(1))) : Optional.empty();
    }
}
