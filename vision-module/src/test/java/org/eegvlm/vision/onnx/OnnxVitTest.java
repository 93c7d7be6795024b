package org.eegvlm.vision.onnx;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.junit.jupiter.api.Tag;

@Tag("reference")
class OnnxVitTest extends OnnxContract {

    OnnxVitTest() {
        super(GoldenNetwork.VIT);
    }
}
