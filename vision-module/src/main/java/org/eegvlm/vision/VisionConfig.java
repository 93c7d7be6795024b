package org.eegvlm.vision;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to train.
 *
 * @param manifest {@code epochs.jsonl} of a rendered data folder
 * @param output the folder for the model, {@code runs/vision-…}
 * @param engine that computes: the name of a {@link VisionEngine}
 * @param backbone the name of a network that the engine knows
 * @param weights that the backbone starts from: safetensors of torchvision, timm, or a model of ours
 * @param seed of the first weights and of the order of the pictures
 * @param device {@code cpu} or {@code cuda:N}
 */
public record VisionConfig(
        Path manifest,
        Path output,
        String engine,
        String backbone,
        Optional<Path> weights,
        Picture picture,
        Schedule schedule,
        long seed,
        String device,
        boolean overwrite) {

    /** ResNet-18 with the default schedule, on the CPU. */
    public static VisionConfig of(Path manifest, Path output) {
        return new VisionConfig(
                manifest,
                output,
                VisionEngine.DEFAULT,
                "resnet18",
                Optional.empty(),
                Picture.DEFAULT,
                Schedule.DEFAULT,
                0,
                "cpu",
                false);
    }

    public VisionConfig withOutput(Path other) {
        return new VisionConfig(manifest, other, engine, backbone, weights, picture, schedule, seed, device, overwrite);
    }

    public VisionConfig withBackbone(String other) {
        return new VisionConfig(manifest, output, engine, other, weights, picture, schedule, seed, device, overwrite);
    }

    public VisionConfig withWeights(Path file) {
        return new VisionConfig(
                manifest, output, engine, backbone, Optional.of(file), picture, schedule, seed, device, overwrite);
    }

    public VisionConfig withPicture(Picture other) {
        return new VisionConfig(manifest, output, engine, backbone, weights, other, schedule, seed, device, overwrite);
    }

    public VisionConfig withSchedule(Schedule other) {
        return new VisionConfig(manifest, output, engine, backbone, weights, picture, other, seed, device, overwrite);
    }

    public VisionConfig withSeed(long other) {
        return new VisionConfig(
                manifest, output, engine, backbone, weights, picture, schedule, other, device, overwrite);
    }

    public VisionConfig withDevice(String other) {
        return new VisionConfig(manifest, output, engine, backbone, weights, picture, schedule, seed, other, overwrite);
    }

    public VisionConfig withOverwrite(boolean wanted) {
        return new VisionConfig(manifest, output, engine, backbone, weights, picture, schedule, seed, device, wanted);
    }

    /** The name that its answers carry. */
    String modelId() {
        return "vision-" + backbone;
    }
}
