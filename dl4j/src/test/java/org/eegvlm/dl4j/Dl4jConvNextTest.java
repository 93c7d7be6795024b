package org.eegvlm.dl4j;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.eegvlm.vision.contract.VisionEngineContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("org.eegvlm.dl4j.Processor#hasAvx2")
@Tag("reference")
class Dl4jConvNextTest extends VisionEngineContract {

    Dl4jConvNextTest() {
        super(new Dl4jEngine(), GoldenNetwork.CONVNEXT);
    }
}
