package org.eegvlm.vision.djl;

import org.eegvlm.vision.contract.GoldenNetwork;
import org.eegvlm.vision.contract.VisionEngineContract;
import org.junit.jupiter.api.Tag;

@Tag("reference")
class DjlVimTest extends VisionEngineContract {

    DjlVimTest() {
        super(new DjlEngine(), GoldenNetwork.VIM);
    }
}
