package org.eegvlm.vision.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.Random;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageNetworkTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void makesTheSameBitsOfLevelsAsJava(int bands) {
        var picture = Picture.IMAGENET.withSize(40);
        var pictures = new PictureBatch(new byte[2 * bands * 40 * 40], 2, bands, picture);
        new Random(1).nextBytes(pictures.levels()); // so many that each level occurs

        try (var manager = NDManager.newBaseManager("PyTorch")) {
            var values = StageNetwork.values(manager, pictures);

            assertThat(values.getShape().getShape()).containsExactly(2, 3, 40, 40);
            assertThat(values.toFloatArray()).containsExactly(pictures.values());
        }
    }
}
