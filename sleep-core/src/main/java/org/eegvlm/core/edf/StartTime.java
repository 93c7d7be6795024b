package org.eegvlm.core.edf;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a recording started, from the three fields that tell it. EDF+'s {@code Startdate 24-APR-1989}, at the head of
 * the recording identification, has four digits for the year and comes first; EDF's own date has two.
 */
record StartTime(Optional<LocalDateTime> moment, Optional<String> oddity) {

    private static final int FIRST_YEAR = 85; // EDF's clipping date: yy = 85..99 is 19yy, 00..84 is 20yy
    private static final Pattern THREE_NUMBERS = Pattern.compile("(\\d{1,2})[.:/-](\\d{1,2})[.:/-](\\d{1,2})");
    private static final Pattern EXACT = Pattern.compile("\\d\\d\\.\\d\\d\\.(\\d\\d|yy)"); // yy: after 2084
    private static final Pattern STARTDATE = Pattern.compile("Startdate (\\d\\d-[A-Za-z]{3}-\\d{4})\\b.*");
    private static final Pattern DAY = Pattern.compile("(\\d\\d)-([A-Za-z]{3})-(\\d{4})");
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    static StartTime of(String date, String time, String recording) {
        var own = date(date);
        var spelled = startdate(recording);
        var clock = time(time);
        var moment = spelled.or(() -> own).flatMap(day -> clock.map(day::atTime));
        if (moment.isEmpty()) {
            return new StartTime(
                    moment, Optional.of("the start '%s %s' is no date and time; it is unknown".formatted(date, time)));
        }
        if (spelled.isPresent() && own.isPresent() && !spelled.equals(own)) {
            return odd(
                    moment,
                    "the start is %s in the recording identification, '%s' in the start date; it is taken from the former",
                    spelled.get(),
                    date);
        }
        if (!EXACT.matcher(date).matches() || !EXACT.matcher(time).matches()) {
            return odd(moment, "the start is written '%s %s', not as dd.mm.yy hh.mm.ss", date, time);
        }
        return new StartTime(moment, Optional.empty());
    }

    /** The date at the head of EDF+'s recording identification. */
    static Optional<LocalDate> startdate(String recording) {
        var match = STARTDATE.matcher(recording);
        return match.matches() ? day(match.group(1)) : Optional.empty();
    }

    /** A date as EDF+ spells it: {@code 24-APR-1989}. */
    static Optional<LocalDate> day(String text) {
        var match = DAY.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(match.group(2).toUpperCase(Locale.ROOT)) + 1;
        return day(number(match, 3), month, number(match, 1));
    }

    /** As EDF+ spells a date: {@code 24-APR-1989}. */
    static String spelled(LocalDate day) {
        return String.format(
                Locale.ROOT, "%02d-%s-%04d", day.getDayOfMonth(), MONTHS.get(day.getMonthValue() - 1), day.getYear());
    }

    private static StartTime odd(Optional<LocalDateTime> moment, String oddity, Object... values) {
        return new StartTime(moment, Optional.of(oddity.formatted(values)));
    }

    private static Optional<LocalDate> date(String text) {
        var match = THREE_NUMBERS.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        int year = number(match, 3);
        return day((year >= FIRST_YEAR ? 1900 : 2000) + year, number(match, 2), number(match, 1));
    }

    private static Optional<LocalDate> day(int year, int month, int day) {
        try {
            return Optional.of(LocalDate.of(year, month, day));
        } catch (DateTimeException e) {
            return Optional.empty(); // anonymised files have dates such as 00.00.00
        }
    }

    private static Optional<LocalTime> time(String text) {
        var match = THREE_NUMBERS.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalTime.of(number(match, 1), number(match, 2), number(match, 3)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher match, int group) {
        return Integer.parseInt(match.group(group));
    }
}
