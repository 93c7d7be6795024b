package org.eegvlm.vision;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.vision.engine.Picture;

/**
 * What to train.
 *
 * @param manifest {@code epochs.jsonl} of a rendered data folder
 * @param output the folder for the model, {@code runs/vision-…}
 * @param backbone the name of a network that the engine knows
 * @param weights that the backbone starts from: safetensors of torchvision, timm, or a model of ours
 * @param seed of the first weights and of the order of the pictures
 * @param execution what computes
 */
public record VisionConfig(
        Path manifest,
        Path output,
        String backbone,
        Optional<Path> weights,
        Picture picture,
        Schedule schedule,
        long seed,
        Execution execution,
        boolean overwrite) {

    /** ResNet-18 with the default schedule, on the CPU. */
    public static VisionConfig of(Path manifest, Path output) {
        return new VisionConfig(
                manifest,
                output,
                "resnet18",
                Optional.empty(),
                Picture.DEFAULT,
                Schedule.DEFAULT,
                0,
                Execution.DEFAULT,
                false);
    }

    public VisionConfig withOutput(Path other) {
        return new VisionConfig(manifest, other, backbone, weights, picture, schedule, seed, execution, overwrite);
    }

    public VisionConfig withBackbone(String other) {
        return new VisionConfig(manifest, output, other, weights, picture, schedule, seed, execution, overwrite);
    }

    public VisionConfig withWeights(Path file) {
        return new VisionConfig(
                manifest, output, backbone, Optional.of(file), picture, schedule, seed, execution, overwrite);
    }

    public VisionConfig withPicture(Picture other) {
        return new VisionConfig(manifest, output, backbone, weights, other, schedule, seed, execution, overwrite);
    }

    public VisionConfig withSchedule(Schedule other) {
        return new VisionConfig(manifest, output, backbone, weights, picture, other, seed, execution, overwrite);
    }

    public VisionConfig withSeed(long other) {
        return new VisionConfig(manifest, output, backbone, weights, picture, schedule, other, execution, overwrite);
    }

    public VisionConfig withExecution(Execution other) {
        return new VisionConfig(manifest, output, backbone, weights, picture, schedule, seed, other, overwrite);
    }

    public VisionConfig withOverwrite(boolean wanted) {
        return new VisionConfig(manifest, output, backbone, weights, picture, schedule, seed, execution, wanted);
    }

    /** The name that its answers carry. */
    String modelId() {
        return "vision-" + backbone;
    }
}
