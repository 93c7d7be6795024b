package org.eegvlm.vision.render;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The prefix code of Huffman 1952 for symbols of known counts, numbered as RFC 1951 wants it: by length, then by symbol.
 *
 * @param bits the code of each symbol, turned round so that its first bit is the lowest
 * @param lengths how many bits it has; 0 where the symbol does not occur
 */
record HuffmanCode(int[] bits, int[] lengths) {

    static final int LONGEST = 15;

    private record Node(long count, int order, int symbol, int left, int right) {}

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

    private static int[] lengths(int[] counts) {
        var nodes = new Node[2 * counts.length];
        int size = 0;
        var open = new PriorityQueue<>(Comparator.comparingLong(Node::count).thenComparingInt(Node::order));
        for (int symbol = 0; symbol < counts.length; symbol++) {
            if (counts[symbol] > 0) {
                nodes[size] = new Node(counts[symbol], size, symbol, -1, -1);
                open.add(nodes[size++]);
            }
        }
        while (open.size() > 1) {
            var one = open.remove();
            var other = open.remove();
            nodes[size] = new Node(one.count + other.count, size, -1, one.order, other.order);
            open.add(nodes[size++]);
        }
        var depths = new int[size];
        var lengths = new int[counts.length];
        for (int i = size - 1; i >= 0; i--) {
            var node = nodes[i];
            if (node.symbol >= 0) {
                lengths[node.symbol] = depths[i];
            } else {
                depths[node.left] = depths[i] + 1;
                depths[node.right] = depths[i] + 1;
            }
        }
        return lengths;
    }

    private static int[] numbered(int[] lengths) {
        var bits = new int[lengths.length];
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    bits[symbol] = Integer.reverse(code++) >>> (32 - length);
                }
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
