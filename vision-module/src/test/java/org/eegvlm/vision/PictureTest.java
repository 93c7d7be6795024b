package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.eegvlm.vision.render.EegImage;
import org.junit.jupiter.api.Test;

class PictureTest {

    private static final Picture PICTURE = Picture.DEFAULT.withSize(32);

    private final EegImage grey = new EegImage(32, 32, 1, filled(1, 51));
    private final EegImage coloured = new EegImage(32, 32, 3, filled(3, 51));

    @Test
    void givesGreyPicturesOneBand() {
        var values = PICTURE.values(List.of(grey, grey));

        assertThat(values).hasSize(2 * 32 * 32).containsOnly((51 / 255f - 1) / 0.25f);
    }

    @Test
    void givesGreyOnesAmongColouredOnesThreeBands() {
        assertThat(PICTURE.values(List.of(grey))).hasSize(32 * 32);
        assertThat(PICTURE.values(List.of(grey, coloured)))
                .containsExactly(PICTURE.values(List.of(coloured, coloured)));
    }

    @Test
    void givesGreyPicturesThreeBandsWhereColoursAreSeenUnlike() {
        var photographs = Picture.IMAGENET.withSize(32);

        assertThat(photographs.values(List.of(grey))).containsExactly(photographs.values(List.of(coloured)));
    }

    private static byte[] filled(int bands, int level) {
        var samples = new byte[bands * 32 * 32];
        Arrays.fill(samples, (byte) level);
        return samples;
    }
}
