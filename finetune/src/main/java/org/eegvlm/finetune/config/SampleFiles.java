package org.eegvlm.finetune.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.llava.FeatureMode;

/**
 * Samples and what belongs to them.
 *
 * @param data {@code eeg_ft.json}
 * @param images the folder that the data's picture paths start from
 * @param features rows for the data's samples; empty for the modes that read none
 */
public record SampleFiles(Path data, Path images, Optional<Path> features) {

    /**
     * The files of samples whose features have the usual name.
     *
     * @param features where they have another
     */
    public static SampleFiles beside(Path data, Path images, Optional<Path> features, String usual) {
        return new SampleFiles(data, images, features.or(() -> Optional.of(data.resolveSibling(usual))));
    }

    /** Without the features where a mode reads none. */
    public SampleFiles readBy(FeatureMode mode) {
        return mode.readsRows() ? this : new SampleFiles(data, images, Optional.empty());
    }

    /** All of them. */
    public Stream<Path> paths() {
        return Stream.concat(Stream.of(data, images), features.stream());
    }
}
