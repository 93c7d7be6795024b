package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.finetune.BatchConfig;
import org.eegvlm.finetune.Decay;
import org.eegvlm.finetune.ExecutionConfig;
import org.eegvlm.finetune.FineTuneConfig;
import org.eegvlm.finetune.FineTuneRunner;
import org.eegvlm.finetune.InputConfig;
import org.eegvlm.finetune.Interval;
import org.eegvlm.finetune.OptimizerConfig;
import org.eegvlm.finetune.RunPaths;
import org.eegvlm.finetune.SavingConfig;
import org.eegvlm.finetune.ScheduleConfig;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "finetune",
        description = "Trains LoRA and the projector of a LLaVA on instruction data, vision features injected.",
        footer = {
            "%nExamples:",
            "  eegvlm finetune --model-name-or-path models/nano-llava --output-dir checkpoints/nano",
            "  eegvlm finetune --lora_r 16 --lora_alpha 32 --learning_rate 2e-3 --mm_projector_lr 1e-3 --max_steps 200"
        })
final class FineTuneCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @ArgGroup(validate = false, heading = "%nFiles:%n")
    private Files files = new Files();

    @ArgGroup(validate = false, heading = "%nWhat the model reads:%n")
    private Reading reading = new Reading();

    @ArgGroup(validate = false, heading = "%nTraining:%n")
    private Training training = new Training();

    @ArgGroup(validate = false, heading = "%nRunning:%n")
    private Running running = new Running();

    static final class Files {
        @Option(names = "--model-name-or-path", description = "The base (models/nano-llava).")
        private Path model = Path.of("models/nano-llava");

        @Option(names = "--data-path", description = "Instruction data (sleep_data/eeg_ft.json).")
        private Path data = Path.of("sleep_data/eeg_ft.json");

        @Option(names = "--image-folder", description = "Its pictures (sleep_data/eeg_images_ft).")
        private Path images = Path.of("sleep_data/eeg_images_ft");

        @Option(names = "--features", description = "Feature rows (train_high_level_features.npy beside the data).")
        private Optional<Path> features = Optional.empty();

        @Option(names = "--output-dir", description = "Where the adapter goes (checkpoints/nano).")
        private Path output = Path.of("checkpoints/nano");

        private RunPaths paths(FeatureMode mode) {
            var rows = features.orElse(data.resolveSibling("train_high_level_features.npy"));
            return new RunPaths(model, data, images, mode.readsRows() ? Optional.of(rows) : Optional.empty(), output);
        }
    }

    static final class Reading {
        @Option(names = "--version", paramLabel = "TEMPLATE", description = "The prompt template (v1).")
        private String version = InputConfig.DEFAULT.conversation().label();

        @Option(names = "--feature-mode", description = "fuse, token, off, zero or shuffle (fuse).")
        private String featureMode = InputConfig.DEFAULT.featureMode().label();

        @Option(names = "--model-max-length", description = "Longer samples are cut, in tokens (2048).")
        private int maxLength = InputConfig.DEFAULT.maxLength();

        private InputConfig input() {
            return new InputConfig(Conversation.named(version), FeatureMode.named(featureMode), maxLength);
        }
    }

    static final class Training {
        @Option(names = "--lora-r", description = "Rank of the update (128).")
        private int rank = LoraConfig.DEFAULT.rank();

        @Option(names = "--lora-alpha", description = "Strength of the update (256).")
        private double alpha = LoraConfig.DEFAULT.alpha();

        @Option(names = "--lora-dropout", description = "Share of inputs dropped (0.05).")
        private double dropout = LoraConfig.DEFAULT.dropout();

        @Option(names = "--learning-rate", description = "Of LoRA, at its peak (3e-4).")
        private double learningRate = OptimizerConfig.DEFAULT.learningRate();

        @Option(names = "--mm-projector-lr", description = "Of the projector, at its peak (2e-5).")
        private double projectorRate = OptimizerConfig.DEFAULT.projectorLearningRate();

        @Option(names = "--weight-decay", description = "0 by default.")
        private double weightDecay = OptimizerConfig.DEFAULT.adamW().weightDecay();

        @Option(names = "--max-grad-norm", description = "Limit of the gradients' joint norm (1).")
        private double maxGradNorm = OptimizerConfig.DEFAULT.maxGradNorm();

        @Option(names = "--warmup-ratio", description = "Share of the steps in which the rates rise (0.03).")
        private double warmupRatio = OptimizerConfig.DEFAULT.schedule().warmupRatio();

        @Option(names = "--per-device-train-batch-size", description = "Samples a batch (16).")
        private int batchSize = BatchConfig.DEFAULT.size();

        @Option(names = "--gradient-accumulation-steps", description = "Batches a step (1).")
        private int accumulation = BatchConfig.DEFAULT.accumulation();

        @Option(names = "--num-train-epochs", description = "Passes over the data (2).")
        private double passes = BatchConfig.DEFAULT.passes();

        @Option(names = "--max-steps", description = "Ends the training there, whatever the passes.")
        private Optional<Integer> maxSteps = Optional.empty();

        private LoraConfig lora() {
            return LoraConfig.DEFAULT.withRank(rank, alpha).withDropout(dropout);
        }

        private OptimizerConfig optimizer() {
            return OptimizerConfig.DEFAULT
                    .withRates(learningRate, projectorRate)
                    .withAdamW(AdamWConfig.DEFAULT.withWeightDecay(weightDecay))
                    .withMaxGradNorm(maxGradNorm)
                    .withSchedule(new ScheduleConfig(Decay.COSINE, warmupRatio, 0));
        }

        private BatchConfig batch() {
            return new BatchConfig(batchSize, accumulation, passes, maxSteps, false);
        }
    }

    static final class Running {
        @Option(names = "--device", description = "cpu or cuda:N (cpu).")
        private String device = ExecutionConfig.DEFAULT.devices();

        @Option(names = "--seed", description = "Decides order, dropout and first weights (42).")
        private long seed = ExecutionConfig.DEFAULT.seed();

        @Option(names = "--save-steps", description = "Steps between checkpoints (50).")
        private int saveSteps = SavingConfig.DEFAULT.interval().steps();

        @Option(names = "--overwrite", description = "Replace a finished output.")
        private boolean overwrite;

        private ExecutionConfig execution() {
            return new ExecutionConfig(device, seed, overwrite);
        }
    }

    @Override
    public Integer call() throws IOException {
        try (var progress = terminal.progress()) {
            new FineTuneRunner(config(), progress).run();
        }
        terminal.print("adapter in %s", files.output);
        return ExitCode.GOOD;
    }

    FineTuneConfig config() {
        var input = reading.input();
        return FineTuneConfig.of(files.paths(input.featureMode()))
                .withLora(training.lora())
                .withOptimizer(training.optimizer())
                .withBatch(training.batch())
                .withInput(input)
                .withSaving(SavingConfig.DEFAULT.withInterval(Interval.ofSteps(running.saveSteps)))
                .withExecution(running.execution());
    }
}
