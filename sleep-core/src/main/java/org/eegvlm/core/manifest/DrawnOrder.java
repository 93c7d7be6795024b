package org.eegvlm.core.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Names in an order that only the names and a seed decide: not how they came, nor how often one came. */
final class DrawnOrder {

    private DrawnOrder() {}

    static List<String> of(Collection<String> names, long seed) {
        var drawn = new ArrayList<>(new TreeSet<>(names));
        var random = new SplittableRandom(seed);
        for (int i = drawn.size() - 1; i > 0; i--) {
            int other = (int) Long.remainderUnsigned(random.nextLong(), i + 1L);
            var name = drawn.set(i, drawn.get(other));
            drawn.set(other, name);
        }
        return drawn;
    }
}
