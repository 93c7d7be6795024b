package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.finetune.data.EvaluationData;
import org.eegvlm.finetune.data.TruncatedTokens;
import org.eegvlm.finetune.output.RunStart;
import org.eegvlm.finetune.step.LearningRateSchedule;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * Everything of a run but its training: the checks it begins with, and what it would do. No weight is read, and nothing
 * is written.
 */
public final class DryRun {

    private static final int SHOWN = 3;

    private final FineTuneConfig config;

    public DryRun(FineTuneConfig config) {
        this.config = config;
    }

    /**
     * What people should look at before they wait.
     *
     * @return lines
     * @throws IllegalArgumentException as the run would
     * @throws org.eegvlm.core.MalformedDataException as the run would
     */
    public List<String> lines() throws IOException {
        var run = PlannedRun.read(config);
        var lines = new ArrayList<String>();
        lines.addAll(inputs(run));
        run.evaluation().map(DryRun::evaluation).ifPresent(lines::add);
        lines.add("output    %s, %s".formatted(config.paths().output(), beginning(run.start())));
        lines.addAll(training(run));
        lines.addAll(firstBatch(run));
        return lines;
    }

    private static String evaluation(EvaluationData asked) {
        return "evaluated %s: %d questions, %d different pictures, %d with a feature row"
                .formatted(
                        asked.files().data(),
                        asked.questions().size(),
                        asked.pictures().size(),
                        asked.withRows());
    }

    private String beginning(RunStart start) throws IOException {
        var place = Files.exists(config.paths().output()) ? "there already" : "to be made";
        var checkpoint = start.checkpoint();
        return "%s, %s"
                .formatted(
                        start.replaces() ? "what is there is replaced" : place,
                        checkpoint.isPresent() ? "going on from " + checkpoint.get() : "from step 0");
    }

    private static List<String> inputs(PlannedRun run) {
        var paths = run.config().paths();
        var model = run.model();
        var data = run.data();
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
                                data.features().map(rows -> shape(rows, paths)).orElse("none"),
                                data.mode().label()),
                "tokens    min %d, median %d, max %d of %d a sample, pictures included; supervised min %d, max %d"
                        .formatted(
                                tokens.stream().mapToInt(n -> n).min().orElseThrow(),
                                tokens.stream().sorted().toList().get(tokens.size() / 2),
                                tokens.stream().mapToInt(n -> n).max().orElseThrow(),
                                data.limits().maxLength(),
                                data.supervised().min().orElseThrow(),
                                data.supervised().max().orElseThrow()),
                "cut       %s".formatted(TruncatedTokens.of(data)));
    }

    private static String shape(FeatureRows rows, RunPaths paths) {
        var file = paths.samples().features();
        return "%s [%d, 1, %d]".formatted(file.map(Object::toString).orElse("made here"), rows.size(), rows.width());
    }

    private static List<String> training(PlannedRun run) {
        var config = run.config();
        var plan = run.plan();
        long steps = run.plan().steps();
        var count = TrainableCount.of(config.lora(), run.model());
        return List.of(
                "steps     %d of %d × %d samples, %.2f passes"
                        .formatted(steps, config.batch().accumulation(), plan.batchSize(), plan.passesAfter(steps)),
                "devices   %s".formatted(devices(config)),
                "rate      %s".formatted(rates(config.optimizer(), steps)),
                "trained   %,d numbers: %,d of LoRA r%d, %,d of the projector"
                        .formatted(count.total(), count.lora(), config.lora().rank(), count.projector()),
                "memory    about %s".formatted(MemoryEstimate.of(run)));
    }

    private static String devices(FineTuneConfig config) {
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

    private static String rates(OptimizerConfig optimizer, long steps) {
        var schedule = LearningRateSchedule.of(optimizer.schedule(), steps);
        long last = steps - 1;
        return LongStream.of(0, schedule.warmupSteps(), last / 4, last / 2, 3 * last / 4, last)
                .filter(step -> step <= last)
                .distinct()
                .sorted()
                .mapToObj(step -> String.format(
                        Locale.ROOT, "%.2e in step %d", optimizer.learningRate() * schedule.factor(step), step + 1))
                .collect(Collectors.joining(", ", optimizer.schedule().decay().label() + ": ", ""));
    }

    private static List<String> firstBatch(PlannedRun run) throws IOException {
        var data = run.data();
        var batch = run.plan().batches(0).get(0);
        var lines = new ArrayList<String>();
        lines.add("first batch, ⟦what is learnt⟧ marked:");
        try (var tokenizer = LlamaTokenizer.load(run.config().paths().model())) {
            for (int sample : batch.subList(0, Math.min(SHOWN, batch.size()))) {
                lines.add("--- %s (%d tokens)"
                        .formatted(
                                data.samples().get(sample).id(), data.lengths().get(sample)));
                lines.addAll(SampleText.of(sample, data, tokenizer).lines().toList());
            }
        }
        if (batch.size() > SHOWN) {
            lines.add("--- and %d more".formatted(batch.size() - SHOWN));
        }
        return lines;
    }
}
