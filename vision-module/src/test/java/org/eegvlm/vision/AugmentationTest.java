package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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

        var turned = Augmentation.of("time-shift").apply(image, SPEC, new Random(2));

        assertThat(turned).isNotEqualTo(image);
        // Row borders fall between pixels: a hundredth is lost or doubled by rounding.
        assertThat((double) ink(turned)).isBetween(0.99 * ink(image), 1.01 * ink(image));
    }

    @Test
    void movesEachMomentUpOrDownForNoise() {
        var image = pulse(40);

        var noisy = Augmentation.of("noise:0.05").apply(image, SPEC, new Random(3));

        assertThat(noisy).isNotEqualTo(image);
        assertThat((double) ink(noisy)).isBetween(0.9 * ink(image), 1.1 * ink(image));
    }

    @Test
    void leavesADroppedChannelWhite() {
        var image = new EegImage(60, 40, new byte[3 * 60 * 40]);
        var spec = SPEC.withChannels(List.of("EEG Fpz-Cz", "EEG Pz-Oz"));

        var dropped = Augmentation.of("channel-drop:0.999").apply(image, spec, new Random(4));

        assertThat(ink(dropped)).isBetween(ink(image) * 4 / 10, ink(image) * 6 / 10);
    }

    @Test
    void refusesToDropTheOnlyChannel() {
        assertThatThrownBy(() -> Augmentation.of("channel-drop:0.1").requireFor(SPEC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("several channels");
    }

    @Test
    void readsItsListAndKnowsNoFlip() {
        assertThat(Augmentation.of("time-shift, amplitude:0.2,noise:0.02"))
                .isEqualTo(new Augmentation(true, 0.2, 0, 0.02));
        assertThat(Augmentation.of("none")).isEqualTo(Augmentation.NONE);
        assertThatThrownBy(() -> Augmentation.of("time-shift,flip"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'flip'");
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
