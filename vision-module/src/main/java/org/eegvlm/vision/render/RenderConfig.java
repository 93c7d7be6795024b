package org.eegvlm.vision.render;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;

/**
 * What to render.
 *
 * @param nights all nights of the data folder, of all splits
 * @param output the data folder, {@code sleep_data}
 * @param split deals out the subjects of those nights that name no split themselves
 * @param wake how much of the time before the first and after the last epoch of sleep is drawn; all if absent
 * @param threads how many pictures are drawn side by side; changes no byte
 * @param files whether pictures are written; the manifest is the same if not
 */
public record RenderConfig(
        List<Night> nights,
        Path output,
        RenderSpec spec,
        SubjectSplit split,
        Optional<Duration> wake,
        int threads,
        boolean files,
        boolean overwrite) {

    public RenderConfig {
        nights = List.copyOf(nights);
        if (nights.isEmpty()) {
            throw new IllegalArgumentException("no night to render");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be positive, were " + threads);
        }
        if (wake.isPresent() && wake.get().isNegative()) {
            throw new IllegalArgumentException("the wake around sleep must not be negative, was " + wake.get());
        }
    }

    /** All epochs. */
    public RenderConfig(
            List<Night> nights, Path output, RenderSpec spec, SubjectSplit split, int threads, boolean overwrite) {
        this(nights, output, spec, split, Optional.empty(), threads, true, overwrite);
    }

    public RenderConfig withWake(Optional<Duration> wanted) {
        return new RenderConfig(nights, output, spec, split, wanted, threads, files, overwrite);
    }

    public RenderConfig withFiles(boolean wanted) {
        return new RenderConfig(nights, output, spec, split, wake, threads, wanted, overwrite);
    }

    /** On all processors. */
    public RenderConfig(List<Night> nights, Path output, RenderSpec spec, SubjectSplit split, boolean overwrite) {
        this(nights, output, spec, split, Runtime.getRuntime().availableProcessors(), overwrite);
    }
}
