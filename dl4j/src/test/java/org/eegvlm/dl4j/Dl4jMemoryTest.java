package org.eegvlm.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.eegvlm.vision.contract.MemoryPeak;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledIf("org.eegvlm.dl4j.Processor#hasAvx2")
@EnabledOnOs(OS.LINUX)
@Tag("recipe")
class Dl4jMemoryTest {

    private final Dl4jEngine engine = new Dl4jEngine();

    @Test
    void trainingTakesWhatWasForetold() {
        var need = engine.trainingNeed(engine.network("resnet18", 64));

        assertThat(MemoryPeak.ofTraining("dl4j", "resnet18", 64, 8)).isCloseTo(need.bytes(8), withinPercentage(33));
    }
}
