package org.eegvlm.vision.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
        int parts = (count - 1) / atOnce + 1;
        return IntStream.range(0, parts)
                .mapToObj(part -> rows(part * count / parts, (part + 1) * count / parts))
                .toList();
    }

    private Examples rows(int from, int to) {
        int picture = pictures.levels().length / count();
        int target = targets.length / count();
        var levels = Arrays.copyOfRange(pictures.levels(), from * picture, to * picture);
        return new Examples(
                new PictureBatch(levels, to - from, pictures.bands(), pictures.picture()),
                Arrays.copyOfRange(targets, from * target, to * target));
    }
}
