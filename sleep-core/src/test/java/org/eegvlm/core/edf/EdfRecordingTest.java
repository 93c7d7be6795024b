package org.eegvlm.core.edf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.UnknownChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdfRecordingTest {

    private static final LocalDateTime START = LocalDateTime.of(1989, 4, 24, 16, 13, 0);
    private static final EdfSignal EEG = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 4);
    private static final EdfSignal WIDE = new EdfSignal("EOG", "", "mV", -1, 1, -32768, 32767, "", 2);
    private static final EdfSignal TEMPERATURE = new EdfSignal("Temp rectal", "", "DegC", 34, 40, -100, 100, "", 1);
    private static final double STEP = 400 / 4095.0;

    @TempDir
    Path folder;

    @Test
    void readsBackWhatWasWritten() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            var eeg = recording.microvolts(recording.channel("EEG Fpz-Cz"), 0, 8);
            assertThat(eeg).containsExactly(new float[] {1, -2, 3, -4, 5, -6, 7, -200}, within((float) STEP));
            assertThat(recording.start()).contains(START);
            assertThat(recording.duration()).isEqualTo(Duration.ofSeconds(2));
            assertThat(recording.channel("EOG").samplingRateHz()).isEqualTo(2);
        }
    }

    @Test
    void readsAWindowAcrossRecords() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            var window = recording.microvolts(recording.channel("EEG Fpz-Cz"), 3, 2);
            assertThat(window).containsExactly(new float[] {-4, 5}, within((float) STEP));
        }
    }

    @Test
    void givesMillivoltsAsMicrovolts() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            var window = recording.microvolts(recording.channel("EOG"), 0, 2);
            assertThat(window).containsExactly(new float[] {500, -500}, within(0.1f));
        }
    }

    @Test
    void findsChannelsWhateverTheCase() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            assertThat(recording.channel(" eeg fpz-cz").label()).isEqualTo("EEG Fpz-Cz");
        }
    }

    @Test
    void listsItsChannelsWhenAskedForAnother() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            assertThatThrownBy(() -> recording.channel("EEG C4-A1"))
                    .isInstanceOf(UnknownChannelException.class)
                    .hasMessageContaining("'EEG C4-A1'")
                    .hasMessageContaining("EEG Fpz-Cz, EOG, Temp rectal");
        }
    }

    @Test
    void refusesMicrovoltsOfATemperature() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            var temperature = recording.channel("Temp rectal");
            assertThatThrownBy(() -> recording.microvolts(temperature, 0, 1))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("'DegC'");
        }
    }

    @Test
    void refusesARangeBeyondItsEnd() throws IOException {
        try (var recording = EdfRecording.open(twoRecords())) {
            var eeg = recording.channel("EEG Fpz-Cz");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> recording.microvolts(eeg, 7, 2))
                    .withMessageContaining("it has 8");
        }
    }

    @Test
    void readsACutOffFileAsFarAsItGoes() throws IOException {
        try (var recording = EdfRecording.open(cut(twoRecords(), 5))) {
            assertThat(recording.duration()).isEqualTo(Duration.ofSeconds(1));
            assertThat(recording.announcedDuration()).isEqualTo(Duration.ofSeconds(2));
            assertThat(recording.channel("EOG").samples()).isEqualTo(2);
            assertThat(recording.warnings())
                    .singleElement()
                    .asString()
                    .contains("cut off", "1 of its 2 records are whole");
        }
    }

    @Test
    void readsACutOffFileThatClaimsToLastForAges() throws IOException {
        var file = patched(cut(twoRecords(), 5), 236, "9999999999999999"); // records, of so many seconds each
        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.announcedDuration()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
            assertThat(EdfInfo.of(recording, false).warnings()).isNotEmpty();
        }
    }

    @Test
    void tellsWhereAFileWithoutOneWholeRecordEnds() throws IOException {
        var file = cut(twoRecords(), 20);
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("byte " + Files.size(file))
                .hasMessageContaining("'number of data records'");
    }

    @Test
    void tellsTheFieldInWhichAHeaderEnds() throws IOException {
        var file = Files.writeString(folder.resolve("cut.edf"), "0       X X X X", ISO_8859_1);
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("byte 15, field 'reserved'");
    }

    @Test
    void tellsTheFieldThatIsNoNumber() throws IOException {
        var file = patched(twoRecords(), 244, "abc     ");
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("byte 244, field 'duration of a data record': 'abc' is no number");
    }

    @Test
    void refusesWhatIsNoEdf() throws IOException {
        var file = patched(twoRecords(), 0, "PK");
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("no EDF file");
    }

    @Test
    void saysThatAFileIsMissing() {
        assertThatThrownBy(() -> EdfRecording.open(folder.resolve("none.edf")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none.edf: there is no such recording");
    }

    @Test
    void tellsTheStartOfRecordsThatStartLate() throws IOException {
        var file = folder.resolve("late.edf");
        EdfWriter.writeAnnotations(file, "X", "X", START, List.of(new Annotation(2, Optional.empty(), "Apnea")));
        patched(file, 512, "+1\u0014\u0014");
        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.start()).contains(START.plusSeconds(1));
            assertThat(recording.annotations().get(0).onsetSeconds()).isEqualTo(1);
        }
    }

    @Test
    void countsTheRecordsOfAFileThatDoesNot() throws IOException {
        try (var recording = EdfRecording.open(patched(twoRecords(), 236, "-1      "))) {
            assertThat(recording.duration()).isEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void readsBackAnnotations() throws IOException {
        var file = folder.resolve("hypnogram.edf");
        var written = List.of(
                new Annotation(0, Optional.of(30.0), "Sleep stage W"),
                new Annotation(30.5, Optional.empty(), "Lights off, schön"));
        EdfWriter.writeAnnotations(file, "X", "Startdate X", START, written);

        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.annotations()).isEqualTo(written);
            assertThat(recording.channels()).isEmpty();
        }
    }

    @Test
    void knowsASimulatedRecordingByItsHeader() throws IOException {
        var file = folder.resolve("simulated.edf");
        EdfWriter.writeAnnotations(file, "X X X Simulated", "Startdate X", START, List.of());
        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.simulated()).isTrue();
        }
    }

    @Test
    void throwsNothingButItsOwnExceptionOnDamagedHeaders() throws IOException {
        var bytes = Files.readAllBytes(twoRecords());
        var random = new Random(7);
        var damaged = folder.resolve("damaged.edf");
        for (int i = 0; i < 400; i++) {
            var copy = bytes.clone();
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
            copy[random.nextInt(256)] = (byte) ("0123456789 -+.".charAt(random.nextInt(14)));
            Files.write(damaged, copy);
            readAll(damaged);
        }
    }

    static void readAll(Path file) throws IOException {
        try (var recording = EdfRecording.open(file)) {
            recording.annotations();
            for (var channel : recording.channels()) {
                recording.digital(channel, 0, (int) Math.min(channel.samples(), 100_000));
            }
        } catch (MalformedEdfException e) {
            assertThat(e).hasMessageContaining("byte ");
        }
    }

    private Path twoRecords() throws IOException {
        var file = folder.resolve("two.edf");
        var header = EdfHeader.plain("X F X Female_33yr", "Startdate X", START, 1, List.of(EEG, WIDE, TEMPERATURE));
        try (var writer = EdfWriter.create(file, header, 2)) {
            writer.append(new double[][] {{1, -2, 3, -4}, {0.5, -0.5}, {37}});
            writer.append(new double[][] {{5, -6, 7, -999}, {0, 0}, {37}});
        }
        return file;
    }

    private static Path cut(Path file, int bytes) throws IOException {
        var all = Files.readAllBytes(file);
        return Files.write(file, Arrays.copyOf(all, all.length - bytes));
    }

    private static Path patched(Path file, int offset, String text) throws IOException {
        var bytes = Files.readAllBytes(file);
        System.arraycopy(text.getBytes(ISO_8859_1), 0, bytes, offset, text.length());
        return Files.write(file, bytes);
    }
}
