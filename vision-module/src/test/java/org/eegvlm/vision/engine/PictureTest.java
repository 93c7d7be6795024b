package org.eegvlm.vision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.eegvlm.vision.render.EegImage;
import org.junit.jupiter.api.Test;

class PictureTest {

    private static final Picture PICTURE = Picture.DEFAULT.withSize(32);
    private static final Picture PHOTOGRAPH = Picture.IMAGENET.withSize(32);

    private final EegImage grey = new EegImage(32, 32, 1, filled(1, 51));
    private final EegImage coloured = new EegImage(32, 32, 3, filled(3, 51));

    @Test
    void givesGreyPicturesOneBand() {
        assertThat(PICTURE.batch(List.of(grey, grey)).levels())
                .hasSize(2 * 32 * 32)
                .containsOnly(51);
        assertThat(PHOTOGRAPH.batch(List.of(grey)).bands()).isEqualTo(1);
    }

    @Test
    void givesGreyOnesAmongColouredOnesThreeBands() {
        var batch = PICTURE.batch(List.of(grey, coloured));

        assertThat(batch.bands()).isEqualTo(3);
        assertThat(batch.levels()).hasSize(2 * 3 * 32 * 32).containsOnly(51);
    }

    @Test
    void partsTheColoursIntoBands() {
        var rgb = new byte[3 * 32 * 32];
        rgb[3] = 1;
        rgb[4] = 2;
        rgb[5] = 3;

        var levels = PICTURE.batch(List.of(new EegImage(32, 32, rgb))).levels();

        assertThat(new byte[] {levels[1], levels[32 * 32 + 1], levels[2 * 32 * 32 + 1]})
                .containsExactly(1, 2, 3);
    }

    @Test
    void makesOfALevelWhatEachColourIsSeenAs() {
        assertThat(PICTURE.batch(List.of(grey)).values()).hasSize(3 * 32 * 32).containsOnly((51 / 255f - 1) / 0.25f);
        var seen = PHOTOGRAPH.batch(List.of(coloured)).values();
        assertThat(new float[] {seen[0], seen[32 * 32], seen[2 * 32 * 32]})
                .containsExactly(
                        (51 / 255f - 0.485f) / 0.229f, (51 / 255f - 0.456f) / 0.224f, (51 / 255f - 0.406f) / 0.225f);
        assertThat(PHOTOGRAPH.batch(List.of(grey)).values()).containsExactly(seen);
    }

    @Test
    void refusesWhatTheNetworkDoesNotTake() {
        var network = NetworkConfig.of("resnet18", List.of(8), List.of(1), 64);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.requireFor(PICTURE.batch(List.of(grey))))
                .withMessage("a network for pictures of 64 x 64 in 3 channels takes none of 32 x 32 in 3");
    }

    private static byte[] filled(int bands, int level) {
        var samples = new byte[bands * 32 * 32];
        Arrays.fill(samples, (byte) level);
        return samples;
    }
}
