package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;

/** One fine-tuning run. The defaults are those of EEG-VLM's published Step 3. */
public record FineTuneConfig(
        RunPaths paths,
        LoraConfig lora,
        OptimizerConfig optimizer,
        BatchConfig batch,
        InputConfig input,
        PrecisionConfig precision,
        EvaluationConfig evaluation,
        SavingConfig saving,
        LoggingConfig logging,
        ExecutionConfig execution) {

    public FineTuneConfig {
        require(
                !input.featureMode().readsRows() || paths.samples().features().isPresent(),
                "feature mode %s needs a feature file"
                        .formatted(input.featureMode().label()));
        require(
                !saving.best() || !evaluation.interval().equals(Interval.NEVER),
                "the best checkpoint is known by evaluation during training: say how often to evaluate");
    }

    /** The published settings. */
    public static FineTuneConfig of(RunPaths paths) {
        return new FineTuneConfig(
                paths,
                LoraConfig.DEFAULT,
                OptimizerConfig.DEFAULT,
                BatchConfig.DEFAULT,
                InputConfig.DEFAULT,
                PrecisionConfig.DEFAULT,
                EvaluationConfig.NEVER,
                SavingConfig.DEFAULT,
                LoggingConfig.DEFAULT,
                ExecutionConfig.DEFAULT);
    }

    public FineTuneConfig withLora(LoraConfig other) {
        return new FineTuneConfig(
                paths, other, optimizer, batch, input, precision, evaluation, saving, logging, execution);
    }

    public FineTuneConfig withOptimizer(OptimizerConfig other) {
        return new FineTuneConfig(paths, lora, other, batch, input, precision, evaluation, saving, logging, execution);
    }

    public FineTuneConfig withBatch(BatchConfig other) {
        return new FineTuneConfig(
                paths, lora, optimizer, other, input, precision, evaluation, saving, logging, execution);
    }

    public FineTuneConfig withInput(InputConfig other) {
        return new FineTuneConfig(
                paths, lora, optimizer, batch, other, precision, evaluation, saving, logging, execution);
    }

    public FineTuneConfig withPrecision(PrecisionConfig other) {
        return new FineTuneConfig(paths, lora, optimizer, batch, input, other, evaluation, saving, logging, execution);
    }

    public FineTuneConfig withEvaluation(EvaluationConfig other) {
        return new FineTuneConfig(paths, lora, optimizer, batch, input, precision, other, saving, logging, execution);
    }

    public FineTuneConfig withSaving(SavingConfig other) {
        return new FineTuneConfig(
                paths, lora, optimizer, batch, input, precision, evaluation, other, logging, execution);
    }

    public FineTuneConfig withLogging(LoggingConfig other) {
        return new FineTuneConfig(
                paths, lora, optimizer, batch, input, precision, evaluation, saving, other, execution);
    }

    public FineTuneConfig withExecution(ExecutionConfig other) {
        return new FineTuneConfig(paths, lora, optimizer, batch, input, precision, evaluation, saving, logging, other);
    }

    /** All that decides the result, in the words of LLaVA's flags, to be written as JSON. */
    public Map<String, Object> settings() {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("model_name_or_path", paths.model().toString());
        settings.put("data_path", paths.samples().data().toString());
        settings.put("image_folder", paths.samples().images().toString());
        settings.put("features", paths.samples().features().map(Path::toString));
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
        settings.put("weight_decay", optimizer.adamW().weightDecay());
        settings.put("adam_beta1", optimizer.adamW().beta1());
        settings.put("adam_beta2", optimizer.adamW().beta2());
        settings.put("adam_epsilon", optimizer.adamW().epsilon());
        settings.put("max_grad_norm", optimizer.maxGradNorm());
        settings.put("lr_scheduler_type", optimizer.schedule().decay().label());
        settings.put("warmup_ratio", optimizer.schedule().warmupRatio());
        settings.put("warmup_steps", optimizer.schedule().warmupSteps());
        settings.put("per_device_train_batch_size", batch.size());
        settings.put("gradient_accumulation_steps", batch.accumulation());
        settings.put("num_train_epochs", batch.passes());
        settings.put("max_steps", batch.maxSteps().orElse(-1));
        settings.put("group_by_modality_length", batch.byModality());
        settings.put("dtype", LoadOptions.name(precision.type()));
        settings.put("bits", precision.fourBit() ? 4 : 16);
        settings.put("gradient_checkpointing", precision.checkpointing());
        settings.put("evaluation_strategy", evaluation.interval());
        settings.put(
                "eval_data_path", evaluation.samples().map(files -> files.data().toString()));
        settings.put(
                "eval_image_folder",
                evaluation.samples().map(files -> files.images().toString()));
        settings.put(
                "eval_features",
                evaluation.samples().flatMap(SampleFiles::features).map(Path::toString));
        settings.put("per_device_eval_batch_size", evaluation.batchSize());
        settings.put("early_stopping_patience", evaluation.patience());
        settings.put("load_best_model_at_end", saving.best());
        settings.put("device", execution.device());
        execution.parallelism().ifPresent(way -> settings.put("parallel", way.label()));
        settings.put("seed", execution.seed());
        settings.put("adapter_name_or_path", execution.start().adapter().map(Path::toString));
        return settings;
    }
}
