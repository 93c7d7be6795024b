package org.eegvlm.finetune.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFoldersTest {

    @TempDir
    Path run;

    private CheckpointFolders checkpoints;

    @BeforeEach
    void open() {
        checkpoints = new CheckpointFolders(run);
    }

    @Test
    void keepsTheNewestAndTheBest() throws IOException {
        for (int step = 8; step <= 11; step++) {
            checkpoints.save(step, folder -> Files.writeString(folder.resolve("a"), ""));
        }

        checkpoints.keep(2, Optional.of(8L));

        assertThat(run).isDirectoryNotContaining("glob:**/checkpoint-9");
        assertThat(checkpoints.of(8)).isDirectory();
        assertThat(checkpoints.of(10)).isDirectory();
        assertThat(checkpoints.newest()).contains(run.resolve("checkpoint-11"));
    }

    @Test
    void goesBackToACheckpoint() throws IOException {
        checkpoints.save(9, folder -> Files.writeString(folder.resolve("a"), ""));
        checkpoints.save(10, folder -> Files.writeString(folder.resolve("a"), ""));

        checkpoints.deleteAfter(9);

        assertThat(checkpoints.newest()).contains(run.resolve("checkpoint-9"));
    }

    @Test
    void ignoresAndReplacesAHalfWrittenOne() throws IOException {
        assertThatThrownBy(() -> checkpoints.save(5, folder -> {
                    Files.writeString(folder.resolve("half"), "");
                    throw new IOException("killed");
                }))
                .hasMessage("killed");
        assertThat(checkpoints.newest()).isEmpty();

        checkpoints.save(5, folder -> Files.writeString(folder.resolve("a"), ""));

        assertThat(run.resolve("checkpoint-5")).isDirectoryNotContaining("glob:**half");
    }
}
