package org.eegvlm.vision.render;

import java.util.stream.IntStream;

/**
 * The prefix code of Huffman 1952 for symbols of known counts, numbered as RFC 1951 wants it: by length, then by symbol.
 *
 * @param bits the code of each symbol, turned round so that its first bit is the lowest
 * @param lengths how many bits it has; 0 where the symbol does not occur
 */
record HuffmanCode(int[] bits, int[] lengths) {

    static final int LONGEST = 15;

    /** @param counts of each symbol; at least two occur */
    static HuffmanCode of(int[] counts) {
        var lengths = lengths(counts);
        for (var coarser = counts.clone(); longest(lengths) > LONGEST; lengths = lengths(coarser)) {
            for (int i = 0; i < coarser.length; i++) {
                coarser[i] = (coarser[i] + 1) / 2; // flattens the tree; what occurs still does
            }
        }
        return new HuffmanCode(numbered(lengths), lengths);
    }

    /** The two rarest become one, again and again; of equally rare ones the symbol, or what became one first. */
    private static int[] lengths(int[] counts) {
        var symbols = IntStream.range(0, counts.length)
                .filter(symbol -> counts[symbol] > 0)
                .mapToLong(symbol -> (long) counts[symbol] << Integer.SIZE | symbol)
                .sorted()
                .toArray();
        int leaves = symbols.length;
        var weights = new long[2 * leaves - 1]; // the leaves' and those of what became one, both from light to heavy
        var parents = new int[weights.length];
        for (int leaf = 0; leaf < leaves; leaf++) {
            weights[leaf] = symbols[leaf] >>> Integer.SIZE;
        }
        int leaf = 0;
        int pair = leaves;
        for (int next = leaves; next < weights.length; next++) {
            for (int child = 0; child < 2; child++) {
                boolean isLeaf = leaf < leaves && (pair == next || weights[leaf] <= weights[pair]);
                int rarest = isLeaf ? leaf++ : pair++;
                weights[next] += weights[rarest];
                parents[rarest] = next;
            }
        }
        var depths = new int[weights.length];
        var lengths = new int[counts.length];
        for (int node = weights.length - 2; node >= 0; node--) {
            depths[node] = depths[parents[node]] + 1;
            if (node < leaves) {
                lengths[(int) symbols[node]] = depths[node];
            }
        }
        return lengths;
    }

    private static int[] numbered(int[] lengths) {
        var next = new int[LONGEST + 2]; // the next code of each length
        for (int length : lengths) {
            next[length + 1] += length > 0 ? 1 : 0;
        }
        for (int length = 1; length <= LONGEST; length++) {
            next[length] = next[length - 1] + next[length] << 1;
        }
        var bits = new int[lengths.length];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                bits[symbol] = Integer.reverse(next[lengths[symbol]]++) >>> (32 - lengths[symbol]);
            }
        }
        return bits;
    }

    private static int longest(int[] lengths) {
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length);
        }
        return longest;
    }
}
