package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.vision.VisionEngine;

/**
 * What to export.
 *
 * @param manifest {@code epochs.jsonl}; the pictures lie beside it
 * @param visionModel the folder that training the vision module wrote
 * @param output the data folder, {@code sleep_data}
 * @param standardizationFrom a fine-tuned model's folder, or a sidecar, whose standardisation is taken over; without it,
 *     one is fitted on the train split
 * @param outOfFold whether the rows of train subjects come from the fold models that have not seen them
 * @param encoding what computes
 */
public record ExportConfig(
        Path manifest,
        Path visionModel,
        Path output,
        Optional<Path> standardizationFrom,
        boolean outOfFold,
        Encoding encoding,
        boolean overwrite) {

    /**
     * How pictures are encoded.
     *
     * @param engine the name of a {@link VisionEngine}
     * @param device {@code cpu} or {@code cuda:N}
     * @param batch how many pictures at once
     */
    public record Encoding(String engine, String device, int batch) {

        public static final Encoding DEFAULT = new Encoding(VisionEngine.DEFAULT, "cpu", 32);

        public Encoding {
            require(batch > 0, "batch must be positive, was " + batch);
        }

        public Encoding withEngine(String other) {
            return new Encoding(other, device, batch);
        }

        public Encoding withDevice(String other) {
            return new Encoding(engine, other, batch);
        }
    }

    /** Fits the standardisation, on the CPU. */
    public ExportConfig(Path manifest, Path visionModel, Path output) {
        this(manifest, visionModel, output, Optional.empty(), false, Encoding.DEFAULT, false);
    }

    /** Takes the standardisation of an existing model, and rows of unscored epochs along. */
    public ExportConfig withStandardizationFrom(Path modelOrSidecar) {
        return new ExportConfig(
                manifest, visionModel, output, Optional.of(modelOrSidecar), outOfFold, encoding, overwrite);
    }

    /** Takes the train subjects' rows from the fold models that {@link org.eegvlm.vision.FoldTraining} has made. */
    public ExportConfig withOutOfFold(boolean wanted) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, wanted, encoding, overwrite);
    }

    public ExportConfig withEncoding(Encoding other) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, outOfFold, other, overwrite);
    }

    public ExportConfig withOverwrite(boolean wanted) {
        return new ExportConfig(manifest, visionModel, output, standardizationFrom, outOfFold, encoding, wanted);
    }
}
