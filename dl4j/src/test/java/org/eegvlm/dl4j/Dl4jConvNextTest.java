package org.eegvlm.dl4j;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.eegvlm.vision.contract.VisionEngineContract;
import org.junit.jupiter.api.Tag;

@Tag("reference")
class Dl4jConvNextTest extends VisionEngineContract {

    Dl4jConvNextTest() {
        super(new Dl4jEngine(), GoldenNetwork.CONVNEXT);
    }
}
