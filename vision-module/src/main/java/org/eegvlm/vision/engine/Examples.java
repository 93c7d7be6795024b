package org.eegvlm.vision.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Pictures to learn from, and what is wanted of each.
 *
 * @param targets [count, 5] in C order
 */
public record Examples(PictureBatch pictures, float[] targets) {

    public int count() {
        return pictures.count();
    }

    /** The same in order, in as few parts of nearly equal size as have no more than so many pictures each. */
    public List<Examples> parts(int atOnce) {
        int count = count();
        if (count <= atOnce) {
            return List.of(this);
        }
        return Part.of(count, (count - 1) / atOnce + 1).stream().map(this::rows).toList();
    }

    private Examples rows(Part part) {
        int picture = pictures.levels().length / count();
        int target = targets.length / count();
        var levels = Arrays.copyOfRange(pictures.levels(), part.from() * picture, part.to() * picture);
        return new Examples(
                new PictureBatch(levels, part.to() - part.from(), pictures.bands(), pictures.picture()),
                Arrays.copyOfRange(targets, part.from() * target, part.to() * target));
    }
}
