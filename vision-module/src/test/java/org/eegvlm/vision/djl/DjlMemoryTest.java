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
        var network = engine.network("resnet18", 112);

        var taken = MemoryPeak.ofTraining("djl", "resnet18", 112, folder);

        MemoryPeak.assertForetold(taken, engine.trainingNeed(network));
    }

    @Test
    void encodingTakesWhatWasForetold() throws IOException {
        var network = engine.network("resnet18", 112);
        MemoryPeak.writeWeights(engine, network, folder);

        var taken = MemoryPeak.ofEncoding("djl", "resnet18", 112, folder);

        MemoryPeak.assertForetold(taken, engine.encodingNeed(folder, network));
    }
}
