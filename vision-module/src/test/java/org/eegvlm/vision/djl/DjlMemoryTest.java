package org.eegvlm.vision.djl;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.vision.contract.MemoryPeak;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Tag("recipe")
class DjlMemoryTest {

    private final DjlEngine engine = new DjlEngine();

    @TempDir
    Path folder;

    @Test
    void trainingTakesWhatWasForetold() {
        MemoryPeak.assertTrainingForetold(engine, "resnet18", 112, folder);
    }

    @Test
    void encodingTakesWhatWasForetold() throws IOException {
        MemoryPeak.assertEncodingForetold(engine, "resnet18", 112, folder);
    }
}
