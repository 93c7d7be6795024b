package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void keepsTheNewestOnly() throws IOException {
        checkpoints.save(9, folder -> Files.writeString(folder.resolve("a"), "nine"));
        checkpoints.save(10, folder -> Files.writeString(folder.resolve("a"), "ten"));

        assertThat(checkpoints.newest()).contains(run.resolve("checkpoint-10"));
        assertThat(run.resolve("checkpoint-9")).doesNotExist();
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

    @Test
    void leavesOtherFilesAlone() throws IOException {
        Files.writeString(run.resolve("finetune.json"), "{}");
        checkpoints.save(5, folder -> Files.writeString(folder.resolve("a"), ""));

        checkpoints.deleteAll();

        assertThat(run).isDirectoryContaining("glob:**finetune.json");
        assertThat(run.resolve("checkpoint-5")).doesNotExist();
    }
}
