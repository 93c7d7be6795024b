package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCommandTest {

    @TempDir
    Path folder;

    @Test
    void tellsInOneLineThatNobodyAnswers() {
        var run = CommandRun.of(
                "fetch", "sleep-edf", "--source", "http://127.0.0.1:1/", "--file-type", "st", "--output", folder);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("http://127.0.0.1:1/")
                .contains("run it again to go on");
    }

    @Test
    void refusesDataThatItDoesNotKnow() {
        var run = CommandRun.of("fetch", "shhs");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("shhs");
    }
}
