package org.eegvlm.finetune;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Samples and what belongs to them.
 *
 * @param data {@code eeg_ft.json}
 * @param images the folder that the data's picture paths start from
 * @param features rows for the data's samples; empty for the modes that read none
 */
public record SampleFiles(Path data, Path images, Optional<Path> features) {

    Stream<Path> paths() {
        return Stream.concat(Stream.of(data, images), features.stream());
    }
}
