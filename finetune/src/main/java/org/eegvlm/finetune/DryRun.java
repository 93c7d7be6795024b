package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.ModelOutline;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.TokenizedSample;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * Everything of a run but its training: the checks it begins with, and what it would do. No weight is read, and nothing
 * is written.
 */
public final class DryRun {

    private static final int SHOWN = 3;

    private final FineTuneConfig config;
    private final RunStart start;

    public DryRun(FineTuneConfig config) {
        this(config, new RunStart(config));
    }

    private DryRun(FineTuneConfig config, RunStart start) {
        this.config = config;
        this.start = start;
    }

    /**
     * What people should look at before they wait.
     *
     * @return lines
     * @throws IllegalArgumentException as the run would
     * @throws org.eegvlm.core.MalformedDataException as the run would
     */
    public List<String> lines() throws IOException {
        start.requireReady();
        return new DryRun(start.settled(), start).told();
    }

    private List<String> told() throws IOException {
        var paths = config.paths();
        var model = ModelOutline.read(paths.model());
        BaseModels.requireLayers(config, model);
        config.input().requireFits(model.vision(), paths.model());
        try (var tokenizer = LlamaTokenizer.load(paths.model())) {
            var prompts = new PromptTokenizer(tokenizer, config.input().conversation());
            var data = TrainingData.load(config, prompts, TrainingData.Limits.of(config.input(), model));
            var asked = EvaluationData.read(config, tokenizer, data);
            var plan = BatchPlan.of(config, data);
            var record = RunRecord.of(config, data.pictures(), asked);
            start.requireStepsLeft(record, TrainingRun.steps(config, plan));
            start.requireContinuable(record);
            var lines = new ArrayList<String>();
            lines.addAll(inputs(model, data));
            asked.map(this::evaluation).ifPresent(lines::add);
            lines.add("output    %s, %s".formatted(paths.output(), beginning(record)));
            lines.addAll(training(model, data, plan));
            lines.addAll(firstBatch(data, plan, tokenizer));
            return lines;
        }
    }

    private String evaluation(EvaluationData asked) {
        return "evaluated %s: %d questions, %d different pictures, %d with a feature row"
                .formatted(
                        asked.files().data(),
                        asked.questions().size(),
                        asked.pictures().size(),
                        asked.withRows());
    }

    private String beginning(RunRecord record) throws IOException {
        var place = Files.exists(config.paths().output()) ? "there already" : "to be made";
        var checkpoint = start.checkpoint(record);
        return "%s, %s"
                .formatted(
                        start.replaces(record) ? "what is there is replaced" : place,
                        checkpoint.isPresent() ? "going on from " + checkpoint.get() : "from step 0");
    }

    private List<String> inputs(ModelOutline model, TrainingData data) {
        var paths = config.paths();
        var llama = model.llama();
        var tokens = data.lengths();
        return List.of(
                "model     %s: %d layers × %d, %s"
                        .formatted(
                                paths.model(),
                                llama.layers(),
                                llama.hiddenSize(),
                                model.vision().isPresent() ? model.patches() + " rows a picture" : "no pictures"),
                "data      %s: %d samples, %d with pictures, %d different pictures to encode"
                        .formatted(
                                paths.samples().data(),
                                data.size(),
                                data.withPictures().stream()
                                        .filter(with -> with)
                                        .count(),
                                data.pictures().size()),
                "features  %s, mode %s"
                        .formatted(
                                data.features().map(this::shape).orElse("none"),
                                config.input().featureMode().label()),
                "tokens    min %d, median %d, max %d of %d a sample, pictures included; supervised min %d, max %d"
                        .formatted(
                                tokens.stream().mapToInt(n -> n).min().orElseThrow(),
                                tokens.stream().sorted().toList().get(tokens.size() / 2),
                                tokens.stream().mapToInt(n -> n).max().orElseThrow(),
                                data.limits().maxLength(),
                                supervised(data).min().orElseThrow(),
                                supervised(data).max().orElseThrow()),
                "cut       %s".formatted(TruncatedTokens.of(data)));
    }

    private String shape(FeatureRows rows) {
        var file = config.paths().samples().features();
        return "%s [%d, 1, %d]".formatted(file.map(Object::toString).orElse("made here"), rows.size(), rows.width());
    }

    private List<String> training(ModelOutline model, TrainingData data, BatchPlan plan) {
        long steps = TrainingRun.steps(config, plan);
        var count = TrainableCount.of(config.lora(), model);
        return List.of(
                "steps     %d of %d × %d samples, %.2f passes"
                        .formatted(steps, config.batch().accumulation(), plan.batchSize(), plan.passesAfter(steps)),
                "devices   %s".formatted(devices()),
                "rate      %s"
                        .formatted(
                                rates(LearningRateSchedule.of(config.optimizer().schedule(), steps))),
                "trained   %,d numbers: %,d of LoRA r%d, %,d of the projector"
                        .formatted(count.total(), count.lora(), config.lora().rank(), count.projector()),
                "memory    about %s".formatted(memory(model, data, plan, steps)));
    }

    private String devices() {
        var execution = config.execution();
        int replicas = execution.replicas().size();
        var memory = replicas > 1
                ? ", the memory told here is that of each"
                : ", the memory told here is that of one device alone";
        return execution
                .parallelism()
                .map(way -> "%s, parallel by %s: %d × %d samples a batch%s"
                        .formatted(
                                execution.device(),
                                way.label(),
                                replicas,
                                config.batch().size(),
                                memory))
                .orElse(execution.device());
    }

    private String rates(LearningRateSchedule schedule) {
        long last = schedule.steps() - 1;
        return LongStream.of(0, schedule.warmupSteps(), last / 4, last / 2, 3 * last / 4, last)
                .filter(step -> step <= last)
                .distinct()
                .sorted()
                .mapToObj(step -> String.format(
                        Locale.ROOT,
                        "%.2e in step %d",
                        config.optimizer().learningRate() * schedule.factor(step),
                        step + 1))
                .collect(Collectors.joining(
                        ", ", config.optimizer().schedule().decay().label() + ": ", ""));
    }

    /** Of the fullest batch of the whole run: in every pass the samples come in other company. */
    private MemoryEstimate memory(ModelOutline model, TrainingData data, BatchPlan plan, long steps) {
        var lengths = data.lengths();
        var learnt = supervised(data).toArray();
        var pictures = data.pictureCounts();
        return LongStream.range(0, steps)
                .boxed()
                .flatMap(step -> shares(plan.batches(step)).stream())
                .map(batch -> new MemoryEstimate.Batch(
                        batch.stream().mapToLong(lengths::get).sum(),
                        batch.stream().mapToLong(i -> learnt[i]).sum(),
                        batch.stream().mapToLong(pictures::get).sum()))
                .distinct()
                .map(batch -> MemoryEstimate.of(config, model, batch))
                .max(Comparator.comparingLong(MemoryEstimate::total))
                .orElseThrow();
    }

    /** What goes through a model at once. */
    private List<List<Integer>> shares(List<List<Integer>> batches) {
        int replicas = config.execution().replicas().size();
        return batches.stream()
                .flatMap(batch -> new TrainingBatch(batch, 0).shares(replicas).stream())
                .map(TrainingBatch::samples)
                .toList();
    }

    private static List<String> firstBatch(TrainingData data, BatchPlan plan, LlamaTokenizer tokenizer) {
        var batch = plan.batches(0).get(0);
        var lines = new ArrayList<String>();
        lines.add("first batch, ⟦what is learnt⟧ marked:");
        for (int sample : batch.subList(0, Math.min(SHOWN, batch.size()))) {
            lines.add("--- %s (%d tokens)"
                    .formatted(data.samples().get(sample).id(), data.lengths().get(sample)));
            lines.addAll(SampleText.of(sample, data, tokenizer).lines().toList());
        }
        if (batch.size() > SHOWN) {
            lines.add("--- and %d more".formatted(batch.size() - SHOWN));
        }
        return lines;
    }

    /** How many tokens of each sample are to be learnt. */
    private static IntStream supervised(TrainingData data) {
        return IntStream.range(0, data.size())
                .map(i -> (int) Arrays.stream(data.layout(List.of(i)).labels()[0])
                        .filter(label -> label != TokenizedSample.IGNORED)
                        .count());
    }
}
