package org.eegvlm.llama;

import java.util.List;

/**
 * Token ids with a meaning of their own.
 *
 * @param begin starts every text
 * @param end each of them ends an answer
 * @param padding fills rows; its value is never looked at
 */
public record SpecialTokens(int begin, List<Integer> end, int padding) {

    public SpecialTokens {
        end = List.copyOf(end);
    }
}
