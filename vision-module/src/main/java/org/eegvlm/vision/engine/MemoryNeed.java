package org.eegvlm.vision.engine;

/**
 * What a network is foretold to hold at its fullest, in bytes, beside Java's heap; how many threads compute hardly matters.
 *
 * @param fixed under any load: weights, and what learning keeps of each
 * @param picture of each picture that goes through at once
 */
public record MemoryNeed(long fixed, long picture) {

    public long bytes(int pictures) {
        return fixed + picture * pictures;
    }
}
