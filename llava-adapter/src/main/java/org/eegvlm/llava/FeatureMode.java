package org.eegvlm.llava;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What every second picture of a sample becomes. P is the projector, h the sample's feature row, CLIP(Image1) the
 * first picture's patches.
 */
public enum FeatureMode {
    /** {@code P(h)} added to every row of {@code P(CLIP(Image1))}, as EEG-VLM does. */
    FUSE("fuse"),
    /** The one row {@code P(h)}. */
    TOKEN("token"),
    /** {@code P(CLIP(Image2))}: stock LLaVA, no feature row. */
    OFF("off"),
    /** {@link #FUSE} with h = 0, to see what the feature is worth. */
    ZERO("zero"),
    /** {@link #FUSE} with the row of another sample, to see whether the right feature is worth more than any. */
    SHUFFLE("shuffle");

    private final String label;

    FeatureMode(String label) {
        this.label = label;
    }

    /** The mode of a name on the command line or in a model card. */
    public static FeatureMode named(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown feature mode '%s'; known are %s"
                        .formatted(
                                name,
                                Arrays.stream(values()).map(FeatureMode::label).collect(Collectors.joining(", ")))));
    }

    public String label() {
        return label;
    }

    /** Whether every second picture gives way to a feature row. */
    public boolean injects() {
        return this != OFF;
    }

    /** Whether the row is added to the patches of the picture before it. */
    public boolean fuses() {
        return this == FUSE || this == ZERO || this == SHUFFLE;
    }

    /** Whether a feature file is needed. */
    public boolean readsRows() {
        return this == FUSE || this == TOKEN || this == SHUFFLE;
    }
}
