package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Stretch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four records of ten seconds, and half a minute of nothing after the second. */
class GapsTest {

    private static final LocalDateTime START = LocalDateTime.of(2009, 12, 10, 12, 44, 2);
    private static final EdfSignal EEG = new EdfSignal("EEG", "", "uV", -100, 100, -100, 100, "", 10);
    private static final EdfHeader HEADER = EdfHeader.plain("X X X X", "Startdate X X X X", START, 10, List.of(EEG))
            .withFormat(EdfFormat.EDF_D);
    private static final double[] ONSETS = {0, 10, 50, 60};

    @TempDir
    Path folder;

    @Test
    void keepsAGapAsAGap() throws IOException {
        try (var recording = EdfRecording.open(interrupted())) {
            assertThat(recording.duration()).isEqualTo(Duration.ofSeconds(70));
            assertThat(recording.stretches()).containsExactly(new Stretch(0, 20, 0), new Stretch(50, 20, 20));
            assertThat(recording.channel("EEG").samples()).isEqualTo(40);
        }
    }

    @Test
    void findsTheSamplesAfterAGapByTheirTime() throws IOException {
        try (var recording = EdfRecording.open(interrupted())) {
            double before = recording.recordedBefore(60, 10).orElseThrow();
            assertThat(recording.digital(recording.channel("EEG"), Math.round(before), 1))
                    .containsExactly(30);
            assertThat(recording.onset(before)).isEqualTo(60);
        }
    }

    @Test
    void hasNoWindowWithAGapInIt() throws IOException {
        try (var recording = EdfRecording.open(interrupted())) {
            assertThat(recording.recordedBefore(15, 10)).isEmpty();
            assertThat(recording.recordedBefore(30, 10)).isEmpty();
            assertThat(recording.recordedBefore(65, 10)).isEmpty();
        }
    }

    @Test
    void keepsTheTimeOfAnnotationsAfterAGap() throws IOException {
        try (var recording = EdfRecording.open(interrupted())) {
            assertThat(recording.annotations()).containsExactly(new Annotation(55.5, Optional.of(1.0), "Arousal"));
        }
    }

    @Test
    void tellsOfGaps() throws IOException {
        try (var recording = EdfRecording.open(interrupted())) {
            assertThat(EdfInfo.of(recording, false).warnings())
                    .containsExactly("gaps: 1, of 30.000 s in all; the first from 20.000 s to 50.000 s");
        }
    }

    @Test
    void startsAnotherStretchBeforeSmallDriftsAddUp() throws IOException {
        var file = folder.resolve("drifting.edf");
        try (var writer = EdfWriter.create(file, HEADER, new double[] {0, 10.0008, 20.0016, 30.0024}, List.of())) {
            for (int record = 0; record < 4; record++) {
                writer.append(new int[1][10]);
            }
        }
        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.stretches()).containsExactly(new Stretch(0, 20, 0), new Stretch(20.0016, 20, 20));
        }
    }

    @Test
    void refusesARecordThatDoesNotTellItsTime() throws IOException {
        var file = replaced("+50\u0014\u0014\0", "\0\0\0\0\0\0");
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("record 2 does not tell when it starts");
    }

    @Test
    void refusesRecordsAtTheSameTime() throws IOException {
        var file = replaced("+50\u0014", "+15\u0014");
        assertThatThrownBy(() -> EdfRecording.open(file))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("record 2 starts 5.000 s before the one before it ends");
    }

    @Test
    void tellsOfGapsThatTheHeaderDenies() throws IOException {
        try (var recording = EdfRecording.open(replaced("EDF+D", "EDF+C"))) {
            assertThat(recording.stretches()).hasSize(1);
            assertThat(EdfInfo.of(recording, false).warnings())
                    .anyMatch(warning -> warning.contains("record 2 says it starts 30.000 s off its place"));
        }
    }

    private Path interrupted() throws IOException {
        var file = folder.resolve("interrupted.edf");
        var remark = new Annotation(55.5, Optional.of(1.0), "Arousal");
        try (var writer = EdfWriter.create(file, HEADER, ONSETS, List.of(remark))) {
            for (int record = 0; record < ONSETS.length; record++) {
                int first = 10 * record;
                writer.append(new int[][] {
                    {
                        first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7, first + 8,
                        first + 9
                    }
                });
            }
        }
        return file;
    }

    private Path replaced(String old, String fresh) throws IOException {
        var file = interrupted();
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return Files.writeString(file, text.replace(old, fresh), StandardCharsets.ISO_8859_1);
    }
}
