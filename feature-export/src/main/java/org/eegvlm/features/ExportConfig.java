package org.eegvlm.features;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to export.
 *
 * @param manifest {@code epochs.jsonl}; the pictures lie beside it
 * @param visionModel the folder that training the vision module wrote
 * @param output the data folder, {@code sleep_data}
 * @param standardizationFrom a fine-tuned model's folder, or a sidecar, whose standardisation is taken over; without it,
 *     one is fitted on the train split
 * @param batch how many pictures are encoded at once
 * @param device {@code cpu} or {@code cuda:N}
 */
public record ExportConfig(
        Path manifest,
        Path visionModel,
        Path output,
        Optional<Path> standardizationFrom,
        int batch,
        String device,
        boolean overwrite) {

    private static final int DEFAULT_BATCH = 32;

    public ExportConfig {
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be positive, was " + batch);
        }
    }

    /** Fits the standardisation, on the CPU. */
    public ExportConfig(Path manifest, Path visionModel, Path output) {
        this(manifest, visionModel, output, Optional.empty(), DEFAULT_BATCH, "cpu", false);
    }

    /** Takes the standardisation of an existing model, and rows of unscored epochs along. */
    public ExportConfig withStandardizationFrom(Path modelOrSidecar) {
        return new ExportConfig(manifest, visionModel, output, Optional.of(modelOrSidecar), batch, device, overwrite);
    }

    public ExportConfig withDevice(String other) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, batch, other, overwrite);
    }

    public ExportConfig withOverwrite(boolean wanted) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, batch, device, wanted);
    }
}
