package org.eegvlm.finetune.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.chart.LossChart;
import org.eegvlm.core.chart.LossPoint;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.LoggingConfig;
import org.eegvlm.finetune.data.BatchPlan;
import org.eegvlm.finetune.step.LoggedStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how a run goes: on the terminal, in {@code loss.jsonl}, as a drawing, and to TensorBoard. */
public final class RunWatch implements Closeable {

    private static final String DRAWING = "loss.svg";

    /** TensorBoard's files, where transformers puts them. */
    private static final String EVENTS = "runs";

    private static final Logger LOG = LoggerFactory.getLogger(RunWatch.class);

    /** Over so many steps the pace is averaged. */
    private static final int PACE = 20;

    private final Path folder;
    private final BatchPlan plan;
    private final LoggingConfig logging;
    private final Progress progress;
    private final Clock clock;
    private final Optional<EventFile> events;
    private final ArrayDeque<Moment> moments = new ArrayDeque<>();
    private final long begun;
    private double loss;

    private RunWatch(
            Path folder,
            BatchPlan plan,
            LoggingConfig logging,
            Progress progress,
            Clock clock,
            Optional<EventFile> events) {
        this.folder = folder;
        this.plan = plan;
        this.logging = logging;
        this.progress = progress;
        this.clock = clock;
        this.events = events;
        this.begun = clock.millis();
        moments.add(new Moment(begun, 0));
    }

    /** @param tokens read until then, in this process */
    private record Moment(long millis, long tokens) {}

    /**
     * Watches a run, whose output is ready, from where it stands.
     *
     * @param log of earlier processes, whose files are brought to where it ends
     * @param clock of the rates and of TensorBoard's times of day
     */
    public static RunWatch begin(FineTuneConfig config, BatchPlan plan, TrainingLog log, Progress progress, Clock clock)
            throws IOException {
        var folder = config.paths().output();
        var logging = config.logging();
        Json.writeLines(folder.resolve(TrainingLog.STEPS), log.steps());
        var events = logging.tensorBoard()
                ? Optional.of(EventFile.create(folder.resolve(EVENTS), clock, log.done()))
                : Optional.<EventFile>empty();
        var watch = new RunWatch(folder, plan, logging, progress, clock, events);
        log.steps().forEach(step -> watch.loss += step.step() % logging.steps() == 0 ? -watch.loss : step.loss());
        return watch;
    }

    /** After every step. */
    public void stepped(LoggedStep step) throws IOException {
        moments.add(new Moment(clock.millis(), moments.getLast().tokens() + step.tokens()));
        if (moments.size() > PACE) {
            moments.removeFirst();
        }
        Files.writeString(
                folder.resolve(TrainingLog.STEPS),
                Json.line(step) + "\n",
                StandardOpenOption.APPEND,
                StandardOpenOption.CREATE);
        progress.at("fine-tuning", step.step(), plan.steps(), note(step));
        loss += step.loss();
        if (step.step() % logging.steps() == 0) {
            tell(step.step(), scalars(step));
            loss = 0;
        }
    }

    /** Tells how fast this process was, up to the end of its last step. */
    public void ended() {
        var last = moments.getLast();
        if (last.tokens() > 0) {
            LOG.info(String.format(
                    Locale.ROOT,
                    "%d tokens in %.2f s, with what was evaluated and saved between steps",
                    last.tokens(),
                    (last.millis() - begun) / 1000.0));
        }
    }

    /** After every evaluation. */
    public void evaluated(LoggedEvaluation evaluation) throws IOException {
        LOG.info(String.format(
                Locale.ROOT,
                "after step %d: kappa %.3f, macro F1 %.3f, %d of %d answers unreadable",
                evaluation.step(),
                evaluation.kappa(),
                evaluation.macroF1(),
                evaluation.unreadable(),
                evaluation.samples()));
        var scalars = new LinkedHashMap<String, Double>();
        scalars.put("eval/kappa", evaluation.kappa());
        scalars.put("eval/macro_f1", evaluation.macroF1());
        scalars.put("eval/accuracy", evaluation.accuracy());
        scalars.put("eval/unreadable", (double) evaluation.unreadable());
        tell(evaluation.step(), scalars);
    }

    /** After every checkpoint: draws the losses until then. */
    public void saved(TrainingLog log) throws IOException {
        var points = log.steps().stream()
                .map(step -> new LossPoint(Math.toIntExact(step.step()), step.loss(), step.learningRate()))
                .toList();
        Files.writeString(folder.resolve(DRAWING), LossChart.file(points));
    }

    @Override
    public void close() throws IOException {
        if (events.isPresent()) {
            events.get().close();
        }
    }

    private String note(LoggedStep step) {
        return String.format(Locale.ROOT, "loss %.2f, rate %.1e, %s", step.loss(), step.learningRate(), pace());
    }

    private String pace() {
        var first = moments.getFirst();
        var last = moments.getLast();
        double seconds = Math.max(1, last.millis() - first.millis()) / 1000.0;
        return String.format(Locale.ROOT, "%.0f tokens/s", (last.tokens() - first.tokens()) / seconds);
    }

    private Map<String, Double> scalars(LoggedStep step) {
        var scalars = new LinkedHashMap<String, Double>();
        scalars.put("train/loss", loss / logging.steps());
        scalars.put("train/learning_rate", step.learningRate());
        scalars.put("train/grad_norm", step.gradNorm());
        scalars.put("train/epoch", plan.passesAfter(step.step()));
        return scalars;
    }

    private void tell(long step, Map<String, Double> scalars) throws IOException {
        if (events.isPresent()) {
            events.get().write(step, scalars);
        }
    }
}
