package org.eegvlm.vision.onnx;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.junit.jupiter.api.Tag;

@Tag("reference")
class OnnxResNetTest extends OnnxContract {

    OnnxResNetTest() {
        super(GoldenNetwork.RESNET18);
    }
}
