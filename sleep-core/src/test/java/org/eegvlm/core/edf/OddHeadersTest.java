package org.eegvlm.core.edf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.eegvlm.core.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the world writes into headers: two signals, three records of 1 s, bytes as EDF lays them out. */
class OddHeadersTest {

    private static final LocalDateTime START = LocalDateTime.of(1989, 4, 24, 16, 13, 0);
    private static final EdfSignal A = new EdfSignal("EEG A", "", "uV", -200, 200, -2048, 2047, "", 4);
    private static final EdfSignal B = new EdfSignal("EEG B", "", "uV", -200, 200, -2048, 2047, "", 4);
    private static final int LABELS = 256;
    private static final int UNITS = LABELS + 2 * (16 + 80);
    private static final int PHYSICAL_MINIMA = UNITS + 2 * 8;
    private static final int DIGITAL_MINIMA = PHYSICAL_MINIMA + 2 * 16;
    private static final int SAMPLES = DIGITAL_MINIMA + 2 * (16 + 80);

    @TempDir
    Path folder;

    @Test
    void findsNothingOddInAGoodFile() throws IOException {
        try (var recording = EdfRecording.open(file())) {
            assertThat(recording.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "24/04/89, 16.13.00",
        "24-04-89, 16.13.00",
        "24.4.89, 16.13.00",
        "24.04.89, 16:13:00",
    })
    void readsADateInOtherDress(String date, String time) throws IOException {
        try (var recording = EdfRecording.open(patched(168, date + " ".repeat(8 - date.length()) + time))) {
            assertThat(recording.start()).contains(START);
            assertThat(recording.warnings()).singleElement().asString().contains(date);
        }
    }

    @ParameterizedTest
    @CsvSource({"168, 24%s4%n9", "192, EdF+C%d%n"})
    void quotesTextThatLooksLikeAFormat(int offset, String text) throws IOException {
        try (var recording = EdfRecording.open(patched(offset, text))) {
            assertThat(recording.warnings())
                    .anySatisfy(warning -> assertThat(warning).contains(text));
        }
    }

    @ParameterizedTest
    @CsvSource({"00.00.00, 16.13.00", "99.99.99, 16.13.00", "24.04.89, 24.00.00", "'        ', 16.13.00"})
    void leavesAStartThatIsNoneOpen(String date, String time) throws IOException {
        try (var recording = EdfRecording.open(patched(168, date + time))) {
            assertThat(recording.start()).isEmpty();
            assertThat(recording.warnings()).singleElement().asString().contains("it is unknown");
        }
    }

    @Test
    void believesTheDateWithFourDigits() throws IOException {
        var file = patched(88, "Startdate 24-APR-2089 X X X");
        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.start()).contains(START.plusYears(100));
            assertThat(recording.warnings()).singleElement().asString().contains("2089-04-24", "24.04.89");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 'the header leaves the number of records open; the file holds 3'",
        "0, 'the header says 0 records, the file holds 3'",
        "2, 'the header says 2 records, the file holds 3'",
        "9, 'the file is cut off; 3 of its 9 records are whole'",
    })
    void countsTheRecordsItself(String claimed, String warning) throws IOException {
        try (var recording = EdfRecording.open(patched(236, claimed + " ".repeat(8 - claimed.length())))) {
            assertThat(recording.records()).isEqualTo(3);
            assertThat(recording.warnings()).singleElement().asString().contains(warning);
        }
    }

    @Test
    void readsNumbersAsSomeCountriesWriteThem() throws IOException {
        try (var recording = EdfRecording.open(patched(PHYSICAL_MINIMA, "-200,5"))) {
            assertThat(recording.header().signals().get(0).physicalMinimum()).isEqualTo(-200.5);
            assertThat(recording.warnings()).singleElement().asString().contains("byte 464", "decimal comma");
        }
    }

    @Test
    void readsADigitalLimitThatEndsInAPoint() throws IOException {
        try (var recording = EdfRecording.open(patched(DIGITAL_MINIMA, "-2048.0"))) {
            assertThat(recording.header().signals().get(0).digitalMinimum()).isEqualTo(-2048);
            assertThat(recording.warnings()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"µV", "uV"})
    void readsUnitsInBothAlphabets(String unit) throws IOException {
        try (var recording = EdfRecording.open(patched(UNITS, unit))) {
            assertThat(recording.channel("EEG A").microvoltsPerUnit()).hasValue(1);
        }
    }

    @Test
    void tellsLabelsThatStandTwice() throws IOException {
        try (var recording = EdfRecording.open(patched(LABELS + 16, "EEG A"))) {
            assertThat(recording.channels()).extracting(Channel::label).containsExactly("EEG A", "EEG A");
            assertThat(recording.channel("EEG A").index()).isZero();
            assertThat(recording.warnings()).singleElement().asString().contains("'EEG A'", "several");
        }
    }

    @Test
    void readsSamplesWithoutAUnitAsTheyAre() throws IOException {
        try (var recording = EdfRecording.open(patched(PHYSICAL_MINIMA, "200 "))) {
            var channel = recording.channel("EEG A");
            assertThat(recording.digital(channel, 0, 4)).containsExactly(1, 2, 3, 4);
            assertThat(recording.warnings()).singleElement().asString().contains("no width");
            assertThatThrownBy(() -> recording.physical(channel, 0, 1)).isInstanceOf(MalformedEdfException.class);
        }
    }

    @Test
    void leavesOutASignalWithoutSamples() throws IOException {
        try (var recording = EdfRecording.open(patched(SAMPLES, "0"))) {
            assertThat(recording.channels()).extracting(Channel::label).containsExactly("EEG B");
            assertThat(recording.warnings())
                    .anySatisfy(warning -> assertThat(warning).contains("has no samples"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 'version'",
        "184, 512, 'number of bytes in header'",
        "236, x, 'number of data records'",
        "244, 0, 'duration of a data record'",
        "244, -1, 'duration of a data record'",
        "244, '0,5', 'duration of a data record'",
        "252, 0, 'number of signals'",
        "464, nan, 'physical minimum of signal 1'",
        "464, 0x10, 'physical minimum of signal 1'",
        "496, one, 'digital minimum of signal 1'",
        "688, 4.0, 'samples per record of signal 1'",
        "688, -4, 'samples per record of signal 1'",
    })
    void refusesWhatNobodyCanKnow(int offset, String text, String field) throws IOException {
        var file = patched(offset, (text + " ".repeat(8)).substring(0, offset == 252 ? 4 : 8));
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("byte %d, field '%s'".formatted(offset, field));
    }

    private Path file() throws IOException {
        var file = folder.resolve("a.edf");
        var header = EdfHeader.plain("X F X X", "X", START, 1, List.of(A, B));
        try (var writer = EdfWriter.create(file, header, 3)) {
            writer.append(new int[][] {{1, 2, 3, 4}, {0, 0, 0, 0}});
            writer.append(new int[][] {{5, 6, 7, 8}, {0, 0, 0, 0}});
            writer.append(new int[][] {{9, 10, 11, 12}, {0, 0, 0, 0}});
        }
        return file;
    }

    private Path patched(int offset, String text) throws IOException {
        var bytes = Files.readAllBytes(file());
        System.arraycopy(text.getBytes(ISO_8859_1), 0, bytes, offset, text.length());
        return Files.write(folder.resolve("a.edf"), bytes);
    }
}
