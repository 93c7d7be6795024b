package org.eegvlm.vision.engine;

import static org.eegvlm.core.Preconditions.require;

/**
 * Some pictures as an engine takes them: bytes. What a byte becomes the engine computes where it computes the rest, on all
 * its threads or its GPU, and a quarter of the memory goes there; a loop over floats here took nearly as long as the
 * drawing.
 *
 * @param levels [count, bands, size, size] in C order, 0 to 255; not to be changed
 * @param bands 1: greys, which stand for each colour; or 3: red, green and blue
 * @param picture the size, and what a level becomes
 */
public record PictureBatch(byte[] levels, int count, int bands, Picture picture) {

    public PictureBatch {
        long expected = (long) count * bands * picture.size() * picture.size();
        require(
                count > 0 && (bands == 1 || bands == Picture.COLOURS) && levels.length == expected,
                "%d bytes are no %d pictures of %d x %d in %d bands"
                        .formatted(levels.length, count, picture.size(), picture.size(), bands));
    }

    /** For an engine that takes no bytes: [count, 3, size, size] in C order. */
    public float[] values() {
        int area = picture.size() * picture.size();
        var values = new float[count * Picture.COLOURS * area];
        for (int plane = 0; plane < count * Picture.COLOURS; plane++) {
            int colour = plane % Picture.COLOURS;
            var becomes = picture.values(colour);
            int from = (plane / Picture.COLOURS * bands + colour % bands) * area;
            for (int pixel = 0; pixel < area; pixel++) {
                values[plane * area + pixel] = becomes[levels[from + pixel] & 0xFF];
            }
        }
        return values;
    }
}
