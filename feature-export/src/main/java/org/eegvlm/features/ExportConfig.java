package org.eegvlm.features;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.vision.Execution;

/**
 * What to export.
 *
 * @param manifest {@code epochs.jsonl}; the pictures lie beside it
 * @param visionModel the folder that training the vision module wrote
 * @param output the data folder, {@code sleep_data}
 * @param standardizationFrom a fine-tuned model's folder, or a sidecar, whose standardisation is taken over; without it,
 *     one is fitted on the train split
 * @param outOfFold whether the rows of train subjects come from the fold models that have not seen them
 * @param execution what computes
 */
public record ExportConfig(
        Path manifest,
        Path visionModel,
        Path output,
        Optional<Path> standardizationFrom,
        boolean outOfFold,
        Execution execution,
        boolean overwrite) {

    /** Fits the standardisation, on the CPU. */
    public ExportConfig(Path manifest, Path visionModel, Path output) {
        this(manifest, visionModel, output, Optional.empty(), false, Execution.DEFAULT, false);
    }

    /** Takes the standardisation of an existing model, and rows of unscored epochs along. */
    public ExportConfig withStandardizationFrom(Path modelOrSidecar) {
        return new ExportConfig(
                manifest, visionModel, output, Optional.of(modelOrSidecar), outOfFold, execution, overwrite);
    }

    /** Takes the train subjects' rows from the fold models that {@link org.eegvlm.vision.FoldTraining} has made. */
    public ExportConfig withOutOfFold(boolean wanted) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, wanted, execution, overwrite);
    }

    public ExportConfig withExecution(Execution other) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, outOfFold, other, overwrite);
    }

    public ExportConfig withOverwrite(boolean wanted) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, outOfFold, execution, wanted);
    }
}
