package org.eegvlm.finetune;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how a run goes: on the terminal, in {@code loss.jsonl}, as a drawing, and to TensorBoard. */
final class RunWatch implements Closeable {

    static final String DRAWING = "loss.svg";

    /** TensorBoard's files, where transformers puts them. */
    static final String EVENTS = "runs";

    private static final Logger LOG = LoggerFactory.getLogger(RunWatch.class);

    /** Over so many steps the pace is averaged. */
    private static final int PACE = 20;

    private final Path folder;
    private final BatchPlan plan;
    private final LoggingConfig logging;
    private final long steps;
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
            long steps,
            Surroundings surroundings,
            Optional<EventFile> events) {
        this.folder = folder;
        this.plan = plan;
        this.logging = logging;
        this.steps = steps;
        this.progress = surroundings.progress();
        this.clock = surroundings.clock();
        this.events = events;
        this.begun = clock.millis();
        moments.add(new Moment(begun, 0));
    }

    /** @param tokens read until then, in this process */
    private record Moment(long millis, long tokens) {}

    /** @param log of earlier processes, whose files are brought to where it ends */
    static RunWatch begin(PlannedRun run, TrainingLog log, Surroundings surroundings) throws IOException {
        var folder = run.config().paths().output();
        var logging = run.config().logging();
        Json.writeLines(folder.resolve(TrainingLog.STEPS), log.steps());
        var events = logging.tensorBoard()
                ? Optional.of(EventFile.create(folder.resolve(EVENTS), surroundings.clock(), log.done()))
                : Optional.<EventFile>empty();
        var watch = new RunWatch(folder, run.plan(), logging, run.steps(), surroundings, events);
        log.steps().forEach(step -> watch.loss += step.step() % logging.steps() == 0 ? -watch.loss : step.loss());
        return watch;
    }

    void stepped(LoggedStep step) throws IOException {
        moments.add(new Moment(clock.millis(), moments.getLast().tokens() + step.tokens()));
        if (moments.size() > PACE) {
            moments.removeFirst();
        }
        Files.writeString(
                folder.resolve(TrainingLog.STEPS),
                Json.line(step) + "\n",
                StandardOpenOption.APPEND,
                StandardOpenOption.CREATE);
        progress.at("fine-tuning", step.step(), steps, note(step));
        loss += step.loss();
        if (step.step() % logging.steps() == 0) {
            tell(step.step(), scalars(step));
            loss = 0;
        }
    }

    /** Tells how fast this process was, up to the end of its last step. */
    void ended() {
        var last = moments.getLast();
        if (last.tokens() > 0) {
            LOG.info(String.format(
                    Locale.ROOT,
                    "%d tokens in %.2f s, with what was evaluated and saved between steps",
                    last.tokens(),
                    (last.millis() - begun) / 1000.0));
        }
    }

    void evaluated(LoggedEvaluation evaluation) throws IOException {
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

    void saved(TrainingLog log) throws IOException {
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
