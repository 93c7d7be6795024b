package org.eegvlm.llava.write;

import java.nio.file.Path;
import org.eegvlm.llava.ClipConfig;

/**
 * How a nano-llava is made.
 *
 * @param output the folder to write
 * @param seed the same seed gives the same bytes
 */
public record NanoConfig(Path output, long seed, Decoder decoder, Tower tower, boolean overwrite) {

    /** The sizes of the demo: under a million parameters that think, thirteen million that see. */
    public static NanoConfig of(Path output, long seed, boolean overwrite) {
        return new NanoConfig(output, seed, Decoder.DEFAULT, Tower.DEFAULT, overwrite);
    }

    /** @param positions the longest sequence */
    public record Decoder(int hidden, int layers, int heads, int intermediate, int positions) {
        public static final Decoder DEFAULT = new Decoder(128, 2, 4, 352, 1024);

        public Decoder {
            requirePositive(hidden, layers, heads, intermediate, positions);
            if (hidden % (2 * heads) != 0) {
                throw new IllegalArgumentException(
                        "hidden size %d must divide by twice the %d heads".formatted(hidden, heads));
            }
        }
    }

    /**
     * @param width 1024 fits the features of a real LLaVA-1.5 projector
     * @param layers at least 2: the last one is not looked at
     */
    public record Tower(int width, int layers, int heads, int intermediate, int imageSize, int patchSize) {
        /** 64 patches. */
        public static final Tower DEFAULT = new Tower(1024, 2, 16, 1024, 112, 14);

        public Tower {
            requirePositive(width, layers - 1, heads, intermediate, imageSize, patchSize);
        }

        ClipConfig clip() {
            return new ClipConfig(width, intermediate, layers, heads, imageSize, patchSize, 1e-5, true);
        }
    }

    private static void requirePositive(int... sizes) {
        for (int size : sizes) {
            if (size <= 0) {
                throw new IllegalArgumentException("sizes must be positive, a tower needs two layers");
            }
        }
    }
}
