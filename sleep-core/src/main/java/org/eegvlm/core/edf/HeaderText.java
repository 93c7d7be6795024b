package org.eegvlm.core.edf;

import static org.eegvlm.core.Preconditions.require;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A header as it stands in a file: fields of fixed width, padded with spaces. */
final class HeaderText {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd.MM.yy", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH.mm.ss", Locale.ROOT);
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
    private static final int FIRST_YEAR = 1985;
    private static final int YEARS = 100;
    private static final int NUMBER_WIDTH = 8;

    private final StringBuilder text = new StringBuilder();

    private HeaderText() {}

    static byte[] of(EdfHeader header, long records) {
        var head = new HeaderText();
        head.fixed(header, records);
        head.column(header, 16, EdfSignal::label);
        head.column(header, 80, EdfSignal::transducer);
        head.column(header, NUMBER_WIDTH, EdfSignal::unit);
        head.column(header, NUMBER_WIDTH, signal -> number(signal.physicalMinimum()));
        head.column(header, NUMBER_WIDTH, signal -> number(signal.physicalMaximum()));
        head.column(header, NUMBER_WIDTH, signal -> String.valueOf(signal.digitalMinimum()));
        head.column(header, NUMBER_WIDTH, signal -> String.valueOf(signal.digitalMaximum()));
        head.column(header, 80, EdfSignal::prefilter);
        head.column(header, NUMBER_WIDTH, signal -> String.valueOf(signal.samplesPerRecord()));
        head.column(header, 32, signal -> "");
        var bytes = head.text.toString().getBytes(StandardCharsets.US_ASCII);
        if (header.format().isWide()) {
            bytes[0] = (byte) 0xff;
        }
        return bytes;
    }

    private void fixed(EdfHeader header, long records) {
        var start = header.start().orElseThrow(() -> new IllegalArgumentException("EDF needs a start time"));
        field(header.format().isWide() ? " BIOSEMI" : "0", 8); // a byte that is no text comes before it
        field(header.patient(), 80);
        field(header.recording(), 80);
        field(date(start, header.recording()), 8);
        field(TIME.format(start), 8);
        field(String.valueOf(header.headerBytes()), 8);
        field(header.format().reserved(), 44);
        field(String.valueOf(records), 8);
        field(number(header.recordSeconds()), 8);
        field(String.valueOf(header.signals().size()), 4);
    }

    /** Two digits reach from 1985 to 2084; for other years EDF+ refers to the recording identification. */
    private static String date(LocalDateTime start, String recording) {
        if (start.getYear() >= FIRST_YEAR && start.getYear() < FIRST_YEAR + YEARS) {
            return DATE.format(start);
        }
        require(
                StartTime.startdate(recording).equals(Optional.of(start.toLocalDate())),
                "a start in %d needs a recording identification that begins with '%s'",
                start.getYear(),
                EdfHeader.startdate(start.toLocalDate()));
        return DATE.format(start).substring(0, 6) + "yy";
    }

    private void column(EdfHeader header, int width, Function<EdfSignal, String> value) {
        header.signals().forEach(signal -> field(value.apply(signal), width));
    }

    private void field(String value, int width) {
        require(value.length() <= width, "'%s' is longer than its %d characters", value, width);
        require(PRINTABLE.matcher(value).matches(), "'%s' has characters that EDF does not allow", value);
        text.append(value).append(" ".repeat(width - value.length()));
    }

    /** The shortest way to write a number exactly. */
    private static String number(double value) {
        var exact = BigDecimal.valueOf(value).stripTrailingZeros();
        var plain = exact.toPlainString();
        return plain.length() <= NUMBER_WIDTH ? plain : exact.toString();
    }
}
