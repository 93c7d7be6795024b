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
        var network = engine.network("resnet18", 64);

        var taken = MemoryPeak.ofTraining("dl4j", "resnet18", 64, folder);

        MemoryPeak.assertForetold(taken, engine.trainingNeed(network));
    }

    @Test
    void encodingTakesWhatWasForetold() throws IOException {
        var network = engine.network("resnet18", 64);
        MemoryPeak.writeWeights(engine, network, folder);

        var taken = MemoryPeak.ofEncoding("dl4j", "resnet18", 64, folder);

        MemoryPeak.assertForetold(taken, engine.encodingNeed(folder, network));
    }
}
