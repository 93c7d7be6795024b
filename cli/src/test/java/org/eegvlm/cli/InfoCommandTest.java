package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.edf.EdfFormat;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {

    @TempDir
    Path folder;

    private Path night;

    @BeforeEach
    void writeANight() throws IOException {
        night = folder.resolve("night.edf");
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 2);
        var start = LocalDateTime.of(1989, 4, 24, 16, 13);
        var header = EdfHeader.plain("X F X Somebody", "Startdate 24-APR-1989 X X X", start, 1, List.of(signal))
                .withFormat(EdfFormat.EDF_C);
        var remarks = List.of(
                new Annotation(0, Optional.of(30.0), "Sleep stage W"), new Annotation(0.5, Optional.empty(), "Door"));
        try (var writer = EdfWriter.create(night, header, new double[] {0, 1}, remarks)) {
            writer.append(new int[][] {{1, -2}});
            writer.append(new int[][] {{3, -4}});
        }
    }

    @Test
    void printsOneObjectOfJson() {
        var run = CommandRun.of("info", night, "--json", "--digest");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                {"format":"EDF+C","start":"1989-04-24T16:13:00","recordCount":2,"recordSeconds":1.0,"signals":[\
                {"label":"EEG Fpz-Cz","unit":"uV","rateHz":2.0,"samplesPerRecord":2,"samples":4,"digitalMin":-2048,\
                "digitalMax":2047,"physicalMin":-200.0,"physicalMax":200.0,\
                "sha256":"5b752126afbd278ae95929edabbc8473cdd35daa1f0940ae4bc534cb7c658db5"}],"annotations":[\
                {"onset":0.0,"duration":30.0,"text":"Sleep stage W"},{"onset":0.5,"duration":null,"text":"Door"}],\
                "warnings":[]}
                """);
    }

    @Test
    void printsATableWithWarnings() throws IOException {
        var bytes = Files.readAllBytes(night);
        bytes[236] = '9';
        Files.write(night, bytes);

        assertThat(CommandRun.of("info", night).out())
                .startsWith("EDF+C, started 1989-04-24 16:13:00")
                .contains("0:00:02 recorded (2 × 1 s)", "EEG Fpz-Cz", "-200 to 200", "1  Sleep stage W")
                .contains("warning: ", "2 of its 9 records are whole");
    }

    @Test
    void refusesWhatIsNoRecordingInOneLine() throws IOException {
        var text = Files.writeString(folder.resolve("notes.edf"), "dear diary".repeat(100));

        var run = CommandRun.of("info", text);

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err().lines()).singleElement().asString().contains("notes.edf", "byte 0", "'version'");
    }

    @Test
    void anonymizesAndSaysWhatWent() {
        var run = CommandRun.of("anonymize", night, folder.resolve("x.edf"), "--texts");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("x.edf without: patient identification, recording identification, start date,"
                        + " the texts of 1 annotations");
        assertThat(run.err()).contains("on another day");
        assertThat(CommandRun.of("info", folder.resolve("x.edf")).out()).contains("1985-01-01 16:13:00");
    }
}
