package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRenderer;
import org.eegvlm.vision.render.RenderSpec;
import org.junit.jupiter.api.Test;

class AugmentationTest {

    private static final RenderSpec SPEC = RenderSpec.DEFAULT.withGrid(false);

    @Test
    void leavesThePictureAloneWhenNothingIsAsked() {
        var image = pulse(40);

        assertThat(Augmentation.NONE.apply(image, SPEC, new Random(1))).isSameAs(image);
    }

    @Test
    void changesAPictureTheSameWayForTheSameSeed() {
        var image = pulse(40);

        assertThat(Augmentation.DEFAULT.apply(image, SPEC, new Random(1)))
                .isEqualTo(Augmentation.DEFAULT.apply(image, SPEC, new Random(1)))
                .isNotEqualTo(image);
    }

    @Test
    void keepsAllInkWhenItTurnsTheEpochInTime() {
        var image = pulse(40);

        var turned = new Augmentation(true, 0).apply(image, SPEC, new Random(2));

        assertThat(turned).isNotEqualTo(image);
        // Row borders fall between pixels: a hundredth is lost or doubled by rounding.
        assertThat((double) ink(turned)).isBetween(0.99 * ink(image), 1.01 * ink(image));
    }

    /** One spike in the middle of the second row. */
    private static EegImage pulse(float microvolts) {
        var samples = new float[3000];
        samples[750] = microvolts;
        try (var renderer = new EpochRenderer(SPEC)) {
            return renderer.render(new float[][] {samples}, new double[] {100});
        }
    }

    private static long ink(EegImage image) {
        long ink = 0;
        for (byte value : image.rgb()) {
            ink += 255 - (value & 0xFF);
        }
        return ink;
    }
}
