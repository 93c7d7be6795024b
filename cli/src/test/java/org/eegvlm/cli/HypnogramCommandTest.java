package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HypnogramCommandTest {

    @TempDir
    Path folder;

    private Path scoring;

    @BeforeEach
    void scoreFiveMinutes() throws IOException {
        scoring = Files.writeString(folder.resolve("night.txt"), "W\nW\nW\nW\nN1\nN2\nS3\nS4\nR\nW\n");
    }

    @Test
    void tellsStagesAndStatistics() {
        var run = CommandRun.of("hypnogram", scoring);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("night.txt: 10 epochs of 30.0 s")
                .contains("Wake          5   50.0 %")
                .contains("N3            2   20.0 %")
                .contains("time in bed 5.0 min (the whole scoring)")
                .contains("slept 2.5 min, efficiency 50.0 %")
                .contains("sleep onset after 2.0 min")
                .contains("awake after sleep onset 0.5 min");
    }

    @Test
    void keepsStage4OnRequest() {
        assertThat(CommandRun.of("hypnogram", scoring, "--classes", "6").out()).contains("N4            1   10.0 %");
    }

    @Test
    void trimsWakeAndWritesWhatIsLeft() {
        var file = folder.resolve("out.csv");
        var run = CommandRun.of("hypnogram", scoring, file, "--trim-wake", "1");
        assertThat(run.exitCode()).isZero();
        assertThat(file).content().startsWith("onset,label,duration\n60,Wake,30\n90,Wake,30\n120,N1,30\n");
    }

    @Test
    void keepsNoWakeAroundSleepOnRequest() {
        assertThat(CommandRun.of("hypnogram", scoring, "--trim-wake", "0").out())
                .contains("night.txt: 5 epochs");
    }

    @Test
    void scoresARecordingByTheScoringsOwnEpochs() throws IOException {
        var recording = folder.resolve("recording.edf");
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 1);
        var start = LocalDateTime.of(1989, 4, 24, 16, 13);
        try (var writer =
                EdfWriter.create(recording, EdfHeader.plain("X", "Startdate X", start, 20, List.of(signal)), 2)) {
            writer.append(new int[1][1]);
            writer.append(new int[1][1]);
        }
        var xml = Files.writeString(
                folder.resolve("night.xml"),
                "<C><EpochLength>20</EpochLength><SleepStage>1</SleepStage><SleepStage>2</SleepStage></C>");
        assertThat(CommandRun.of("hypnogram", xml, "--recording", recording).out())
                .contains("night.xml: 2 epochs of 20.0 s");
    }

    @Test
    void convertsToEdfAndBack() {
        var edf = folder.resolve("out.edf");
        assertThat(CommandRun.of("hypnogram", scoring, edf).exitCode()).isZero();
        assertThat(CommandRun.of("hypnogram", edf).out()).contains("out.edf: 10 epochs of 30.0 s, recorded from 1985");
    }

    @Test
    void replacesNothingUnasked() {
        var file = folder.resolve("out.json");
        CommandRun.of("hypnogram", scoring, file);
        assertThat(CommandRun.of("hypnogram", scoring, file).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of("hypnogram", scoring, file, "--overwrite").exitCode())
                .isZero();
    }

    @Test
    void asksForAFormatThatTheNameDoesNotTell() {
        var run = CommandRun.of("hypnogram", scoring, folder.resolve("out.hyp"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("ends in none of .csv, .edf, .json; give --format");
    }

    @Test
    void refusesNumbersOfUnknownMeaning() throws IOException {
        Files.writeString(scoring, "0\n1\n2\n");
        var run = CommandRun.of("hypnogram", scoring);
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("line 1: '0' can mean several stages");
        assertThat(CommandRun.of("hypnogram", scoring, "--codes", "aasm").exitCode())
                .isZero();
    }
}
