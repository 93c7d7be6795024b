package org.eegvlm.vision.render;

import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;

/**
 * What to render.
 *
 * @param nights all nights of the data folder, of all splits
 * @param output the data folder, {@code sleep_data}
 * @param split deals out the subjects of those nights that name no split themselves
 * @param threads how many pictures are drawn side by side; changes no byte
 */
public record RenderConfig(
        List<Night> nights, Path output, RenderSpec spec, SubjectSplit split, int threads, boolean overwrite) {

    public RenderConfig {
        nights = List.copyOf(nights);
        if (nights.isEmpty()) {
            throw new IllegalArgumentException("no night to render");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be positive, were " + threads);
        }
    }

    /** On all processors. */
    public RenderConfig(List<Night> nights, Path output, RenderSpec spec, SubjectSplit split, boolean overwrite) {
        this(nights, output, spec, split, Runtime.getRuntime().availableProcessors(), overwrite);
    }
}
