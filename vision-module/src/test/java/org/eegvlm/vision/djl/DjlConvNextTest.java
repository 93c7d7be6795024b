package org.eegvlm.vision.djl;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.eegvlm.vision.contract.VisionEngineContract;
import org.junit.jupiter.api.Tag;

@Tag("reference")
class DjlConvNextTest extends VisionEngineContract {

    DjlConvNextTest() {
        super(new DjlEngine(), GoldenNetwork.CONVNEXT);
    }
}
