package org.eegvlm.vision;

import java.util.List;
import org.eegvlm.vision.djl.DjlEngine;

class DjlEngineTest extends VisionEngineContract {

    @Override
    VisionEngine engine() {
        return new DjlEngine();
    }

    @Override
    NetworkConfig network() {
        return NetworkConfig.of("resnet18", List.of(8, 16), List.of(1, 1), 32);
    }
}
