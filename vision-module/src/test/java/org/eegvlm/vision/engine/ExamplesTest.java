package org.eegvlm.vision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExamplesTest {

    private static final int SIDE = 32;

    private final Examples five = new Examples(
            new PictureBatch(numbered(), 5, 1, Picture.DEFAULT.withSize(SIDE)),
            new float[] {1, 1, 2, 2, 3, 3, 4, 4, 5, 5});

    @Test
    void comeInPartsOfNearlyEqualSize() {
        var parts = five.parts(4);

        assertThat(parts).extracting(Examples::count).containsExactly(2, 3);
        assertThat(parts.get(0).targets()).containsExactly(1, 1, 2, 2);
        assertThat(parts.get(1).pictures().levels()).startsWith(3).endsWith(5).hasSize(3 * SIDE * SIDE);
    }

    @Test
    void stayTogetherWhereTheyMay() {
        assertThat(five.parts(5)).containsExactly(five);
    }

    /** Each picture full of its number. */
    private static byte[] numbered() {
        var levels = new byte[5 * SIDE * SIDE];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (1 + i / (SIDE * SIDE));
        }
        return levels;
    }
}
