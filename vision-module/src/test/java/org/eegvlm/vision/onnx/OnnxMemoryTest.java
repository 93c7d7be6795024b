package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.vision.contract.MemoryPeak;
import org.eegvlm.vision.engine.VisionEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Tag("recipe")
class OnnxMemoryTest {

    @TempDir
    Path folder;

    @Test
    void encodingTakesWhatWasForetold() throws IOException {
        var djl = VisionEngine.named("djl");
        var network = djl.network("resnet18", 112);
        MemoryPeak.writeWeights(djl, network, folder);
        OnnxExport.run(folder, network, false);

        var taken = MemoryPeak.ofEncoding("onnx", "resnet18", 112, folder);

        MemoryPeak.assertForetold(taken, new OnnxEngine().encodingNeed(folder, network));
    }
}
