package org.eegvlm.vision.explain;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.List;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * What to explain.
 *
 * @param manifest {@code epochs.jsonl}; the pictures lie beside it
 * @param visionModel the folder that training the vision module wrote
 * @param output the folder for the drawings
 * @param epochs ids of epochs; where none is named, some of each stage are chosen
 * @param perStage how many of each scored stage are chosen, among the evaluation subjects if there are any
 * @param engine the name of a {@link VisionEngine}
 * @param device {@code cpu} or {@code cuda:N}
 */
public record ExplainConfig(
        Path manifest,
        Path visionModel,
        Path output,
        List<String> epochs,
        int perStage,
        String engine,
        String device,
        boolean overwrite) {

    /** How many of each stage are chosen by default. */
    public static final int PER_STAGE = 2;

    public ExplainConfig {
        require(perStage > 0, "epochs per stage must be positive, were " + perStage);
        epochs = List.copyOf(epochs);
    }

    /** Some epochs of each stage, on the CPU. */
    public static ExplainConfig of(Path manifest, Path visionModel, Path output) {
        return new ExplainConfig(
                manifest, visionModel, output, List.of(), PER_STAGE, VisionEngine.DEFAULT, "cpu", false);
    }

    public ExplainConfig withEpochs(List<String> ids) {
        return new ExplainConfig(manifest, visionModel, output, ids, perStage, engine, device, overwrite);
    }
}
