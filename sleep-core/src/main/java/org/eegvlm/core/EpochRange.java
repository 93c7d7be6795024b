package org.eegvlm.core;

import static org.eegvlm.core.Preconditions.require;

/**
 * Some epochs of a night that follow each other.
 *
 * @param first from 0
 * @param end the one after the last
 */
public record EpochRange(int first, int end) {

    public EpochRange {
        require(0 <= first && first <= end, "no range of epochs: %d to %d", first, end);
    }

    public int size() {
        return end - first;
    }

    public boolean contains(int epoch) {
        return first <= epoch && epoch < end;
    }
}
