package org.eegvlm.finetune;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;

/** One fine-tuning run. The defaults are those of EEG-VLM's published Step 3. */
public record FineTuneConfig(
        Paths paths,
        LoraConfig lora,
        Optimizer optimizer,
        Batch batch,
        Input input,
        Precision precision,
        Execution execution) {

    /**
     * Where things are.
     *
     * @param model folder of the base; never written to
     * @param data {@code eeg_ft.json}; a {@code render.json} beside it goes into the model card
     * @param images the folder that the data's picture paths start from
     * @param features rows for the data's samples; empty for the modes that read none
     * @param output the adapter's folder; it may be replaced, so it holds no input
     */
    public record Paths(Path model, Path data, Path images, Optional<Path> features, Path output) {

        public Paths {
            Stream.concat(Stream.of(model, data, images), features.stream())
                    .forEach(input ->
                            require(!isIn(output, input), "the output %s holds the input %s".formatted(output, input)));
            require(!isIn(model, output), "the output %s lies in the model's folder %s".formatted(output, model));
        }

        private static boolean isIn(Path folder, Path path) {
            return path.toAbsolutePath()
                    .normalize()
                    .startsWith(folder.toAbsolutePath().normalize());
        }
    }

    /**
     * @param learningRate of the LoRA weights, at its peak
     * @param projectorLearningRate at its peak
     * @param adamW its weight decay leaves biases alone
     * @param maxGradNorm gradients are scaled down to this joint L2 norm; 0 leaves them
     */
    public record Optimizer(
            double learningRate,
            double projectorLearningRate,
            AdamWConfig adamW,
            double maxGradNorm,
            Schedule schedule) {

        public static final Optimizer DEFAULT = new Optimizer(3e-4, 2e-5, AdamWConfig.DEFAULT, 1, Schedule.DEFAULT);

        public Optimizer {
            require(learningRate > 0, "the learning rate must be positive, was " + learningRate);
            require(projectorLearningRate >= 0, "the projector's rate must not be negative: " + projectorLearningRate);
            require(maxGradNorm >= 0, "the gradient norm's limit must not be negative, was " + maxGradNorm);
        }

        public Optimizer withRates(double newLearningRate, double newProjectorLearningRate) {
            return new Optimizer(newLearningRate, newProjectorLearningRate, adamW, maxGradNorm, schedule);
        }

        public Optimizer withAdamW(AdamWConfig newAdamW) {
            return new Optimizer(learningRate, projectorLearningRate, newAdamW, maxGradNorm, schedule);
        }

        public Optimizer withSchedule(Schedule newSchedule) {
            return new Optimizer(learningRate, projectorLearningRate, adamW, maxGradNorm, newSchedule);
        }
    }

    /**
     * How the rates go from step to step: they rise from 0 to their peaks, then decay.
     *
     * @param warmupRatio share of the steps in which they rise
     * @param warmupSteps how many steps those are, whatever the ratio says; 0 leaves it to the ratio
     */
    public record Schedule(Decay decay, double warmupRatio, int warmupSteps) {

        public static final Schedule DEFAULT = new Schedule(Decay.COSINE, 0.03, 0);

        public Schedule {
            require(0 <= warmupRatio && warmupRatio <= 1, "the warm-up ratio must be in [0, 1], was " + warmupRatio);
            require(warmupSteps >= 0, "the number of warm-up steps must not be negative, was " + warmupSteps);
        }
    }

    /**
     * @param size samples whose activations are in memory at once
     * @param accumulation how many batches make a step
     * @param passes over the data; may be a fraction
     * @param maxSteps ends the training there, whatever {@code passes} says; the schedule fits itself to it
     */
    public record Batch(int size, int accumulation, double passes, Optional<Integer> maxSteps) {

        public static final Batch DEFAULT = new Batch(16, 1, 2, Optional.empty());

        public Batch {
            require(size > 0, "the batch size must be positive, was " + size);
            require(accumulation > 0, "the gradient accumulation must be positive, was " + accumulation);
            require(passes > 0, "the number of passes must be positive, was " + passes);
            require(maxSteps.orElse(1) > 0, "the number of steps must be positive, was " + maxSteps.orElse(0));
        }

        /** This many steps of the given size. */
        public static Batch ofSteps(int size, int steps) {
            return new Batch(size, 1, 1, Optional.of(steps));
        }
    }

    /**
     * What the model reads.
     *
     * @param maxLength in tokens, pictures expanded: longer samples are cut
     */
    public record Input(Conversation conversation, FeatureMode featureMode, int maxLength) {

        public static final Input DEFAULT = new Input(Conversation.V1, FeatureMode.FUSE, 2048);

        public Input {
            require(maxLength > 0, "the maximal length must be positive, was " + maxLength);
        }

        public Input withFeatureMode(FeatureMode mode) {
            return new Input(conversation, mode, maxLength);
        }
    }

    /**
     * In which numbers the base computes, and what of it is kept for the way back. LoRA, projector, gradients and loss are
     * at least float32 in any case.
     *
     * @param type FLOAT32, BFLOAT16, or, to compare implementations, FLOAT64
     * @param fourBit whether the decoder's projections are held in four bits (NF4), as in QLoRA
     * @param checkpointing whether the forward pass keeps the input of each layer alone and computes the layer again on
     *     the way back: less memory, a third more time
     */
    public record Precision(DataType type, boolean fourBit, boolean checkpointing) {

        public static final Precision DEFAULT = new Precision(DataType.FLOAT32, false, true);

        public Precision {
            require(
                    type != DataType.FLOAT16,
                    "float16 overflows in training without scaled losses, which are not there; train in bfloat16");
            LoadOptions.name(type);
        }
    }

    /**
     * How it runs.
     *
     * @param device {@code cpu} or {@code cuda:N}
     * @param saveSteps a checkpoint is written after so many steps at most, and after every pass
     * @param overwrite whether a finished output may be replaced
     */
    public record Execution(String device, long seed, int saveSteps, boolean overwrite) {

        public static final Execution DEFAULT = new Execution("cpu", 42, 50, false);

        public Execution {
            require(saveSteps > 0, "checkpoints need a positive number of steps between them, was " + saveSteps);
        }

        public Execution withSeed(long newSeed) {
            return new Execution(device, newSeed, saveSteps, overwrite);
        }

        public Execution withOverwrite(boolean newOverwrite) {
            return new Execution(device, seed, saveSteps, newOverwrite);
        }
    }

    public FineTuneConfig {
        require(
                !input.featureMode().readsRows() || paths.features().isPresent(),
                "feature mode %s needs a feature file"
                        .formatted(input.featureMode().label()));
    }

    /** The published settings. */
    public static FineTuneConfig of(Paths paths) {
        return new FineTuneConfig(
                paths,
                LoraConfig.DEFAULT,
                Optimizer.DEFAULT,
                Batch.DEFAULT,
                Input.DEFAULT,
                Precision.DEFAULT,
                Execution.DEFAULT);
    }

    public FineTuneConfig withLora(LoraConfig newLora) {
        return new FineTuneConfig(paths, newLora, optimizer, batch, input, precision, execution);
    }

    public FineTuneConfig withOptimizer(Optimizer newOptimizer) {
        return new FineTuneConfig(paths, lora, newOptimizer, batch, input, precision, execution);
    }

    public FineTuneConfig withBatch(Batch newBatch) {
        return new FineTuneConfig(paths, lora, optimizer, newBatch, input, precision, execution);
    }

    public FineTuneConfig withInput(Input newInput) {
        return new FineTuneConfig(paths, lora, optimizer, batch, newInput, precision, execution);
    }

    public FineTuneConfig withPrecision(Precision newPrecision) {
        return new FineTuneConfig(paths, lora, optimizer, batch, input, newPrecision, execution);
    }

    public FineTuneConfig withExecution(Execution newExecution) {
        return new FineTuneConfig(paths, lora, optimizer, batch, input, precision, newExecution);
    }

    /** All that decides the result, in the words of LLaVA's flags. */
    Map<String, Object> settings() {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("model_name_or_path", paths.model().toString());
        settings.put("data_path", paths.data().toString());
        settings.put("image_folder", paths.images().toString());
        settings.put("features", paths.features().map(Path::toString));
        settings.put("feature_mode", input.featureMode().label());
        settings.put("version", input.conversation().label());
        settings.put("model_max_length", input.maxLength());
        settings.put("lora_r", lora.rank());
        settings.put("lora_alpha", lora.alpha());
        settings.put("lora_dropout", lora.dropout());
        settings.put(
                "lora_target_modules",
                lora.targets().stream().map(Projection::target).sorted().toList());
        settings.put("learning_rate", optimizer.learningRate());
        settings.put("mm_projector_lr", optimizer.projectorLearningRate());
        settings.put("adam_beta1", optimizer.adamW().beta1());
        settings.put("adam_beta2", optimizer.adamW().beta2());
        settings.put("adam_epsilon", optimizer.adamW().epsilon());
        settings.put("weight_decay", optimizer.adamW().weightDecay());
        settings.put("max_grad_norm", optimizer.maxGradNorm());
        settings.put("lr_scheduler_type", optimizer.schedule().decay().label());
        settings.put("warmup_ratio", optimizer.schedule().warmupRatio());
        settings.put("warmup_steps", optimizer.schedule().warmupSteps());
        settings.put("per_device_train_batch_size", batch.size());
        settings.put("gradient_accumulation_steps", batch.accumulation());
        settings.put("num_train_epochs", batch.passes());
        settings.put("max_steps", batch.maxSteps().orElse(-1));
        settings.put("dtype", LoadOptions.name(precision.type()));
        settings.put("bits", precision.fourBit() ? 4 : 16);
        settings.put("gradient_checkpointing", precision.checkpointing());
        settings.put("device", execution.device());
        settings.put("seed", execution.seed());
        return settings;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
