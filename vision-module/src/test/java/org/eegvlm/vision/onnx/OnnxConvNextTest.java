package org.eegvlm.vision.onnx;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.junit.jupiter.api.Tag;

@Tag("reference")
class OnnxConvNextTest extends OnnxContract {

    OnnxConvNextTest() {
        super(GoldenNetwork.CONVNEXT);
    }
}
