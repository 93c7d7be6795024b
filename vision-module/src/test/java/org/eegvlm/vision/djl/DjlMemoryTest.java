package org.eegvlm.vision.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.eegvlm.vision.contract.MemoryPeak;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Tag("recipe")
class DjlMemoryTest {

    private final DjlEngine engine = new DjlEngine();

    @Test
    void trainingTakesWhatWasForetold() {
        var need = engine.trainingNeed(engine.network("resnet18", 112));

        assertThat(MemoryPeak.ofTraining("djl", "resnet18", 112, 16)).isCloseTo(need.bytes(16), withinPercentage(33));
    }
}
