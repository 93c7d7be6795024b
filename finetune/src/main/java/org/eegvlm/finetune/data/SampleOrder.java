package org.eegvlm.finetune.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** In which order a pass sees the samples; the same for the same pass, whatever was asked before. */
interface SampleOrder {

    /** How many samples there are. */
    int samples();

    /** Every sample once, by its index. */
    List<Integer> of(long pass);

    /** At random. */
    static SampleOrder random(int samples, long seed) {
        return new SampleOrder() {
            @Override
            public int samples() {
                return samples;
            }

            @Override
            public List<Integer> of(long pass) {
                return permutations(seed, pass).apply(samples);
            }
        };
    }

    /** The same order, which is not made anew while the same pass is asked for. */
    static SampleOrder remembering(SampleOrder order) {
        return new SampleOrder() {
            private long last = -1;
            private List<Integer> ofLast = List.of();

            @Override
            public int samples() {
                return order.samples();
            }

            @Override
            public synchronized List<Integer> of(long pass) {
                if (pass != last) {
                    ofLast = List.copyOf(order.of(pass));
                    last = pass;
                }
                return ofLast;
            }
        };
    }

    /** The random permutations of a pass, one after another, each of the size it is asked for. */
    static IntFunction<List<Integer>> permutations(long seed, long pass) {
        var random = new Random(Seeds.order(seed, pass));
        return size -> {
            var order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
            Collections.shuffle(order, random);
            return order;
        };
    }
}
