package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of which each has a {@link TinyRun} of its own. */
public abstract class OnTinyRun {

    @TempDir
    protected Path folder;

    protected TinyRun tiny;

    @BeforeEach
    protected void writeTinyRun() throws IOException {
        tiny = TinyRun.in(folder);
    }
}
