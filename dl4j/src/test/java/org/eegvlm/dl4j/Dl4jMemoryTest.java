package org.eegvlm.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.vision.contract.MemoryPeak;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf("org.eegvlm.dl4j.Processor#hasAvx2")
@EnabledOnOs(OS.LINUX)
@Tag("recipe")
class Dl4jMemoryTest {

    private final Dl4jEngine engine = new Dl4jEngine();

    @TempDir
    Path folder;

    @Test
    void trainingTakesWhatWasForetold() {
        MemoryPeak.assertTrainingForetold(engine, "resnet18", 64, folder);
    }

    @Test
    void encodingTakesWhatWasForetold() throws IOException {
        MemoryPeak.assertEncodingForetold(engine, "resnet18", 64, folder);
    }
}
