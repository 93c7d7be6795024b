package org.eegvlm.finetune.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.step.LoggedStep;

/** All that a run has told since its first step: its steps, and its evaluations. */
public final class TrainingLog {

    static final String STEPS = "loss.jsonl";
    static final String EVALUATIONS = "evaluations.jsonl";

    private final List<LoggedStep> steps;
    private final List<LoggedEvaluation> evaluations;

    private TrainingLog(List<LoggedStep> steps, List<LoggedEvaluation> evaluations) {
        this.steps = new ArrayList<>(steps);
        this.evaluations = new ArrayList<>(evaluations);
    }

    /** That of a run that begins. */
    public static TrainingLog empty() {
        return new TrainingLog(List.of(), List.of());
    }

    /** The log of a checkpoint, or of a finished run. */
    public static TrainingLog in(Path folder) throws IOException {
        var evaluations = folder.resolve(EVALUATIONS);
        return new TrainingLog(
                Json.readLines(folder.resolve(STEPS), LoggedStep.class),
                Files.exists(evaluations) ? Json.readLines(evaluations, LoggedEvaluation.class) : List.of());
    }

    void write(Path folder) throws IOException {
        Json.writeLines(folder.resolve(STEPS), steps);
        if (!evaluations.isEmpty()) {
            Json.writeLines(folder.resolve(EVALUATIONS), evaluations);
        }
    }

    public void add(LoggedStep step) {
        steps.add(step);
    }

    public void add(LoggedEvaluation evaluation) {
        evaluations.add(evaluation);
    }

    /** From the first to the last. */
    public List<LoggedStep> steps() {
        return List.copyOf(steps);
    }

    /** From the first to the last. */
    public List<LoggedEvaluation> evaluations() {
        return List.copyOf(evaluations);
    }

    /** How many steps are done. */
    public long done() {
        return steps.size();
    }

    /**
     * The first of the evaluations with the greatest κ whose weights can be had: a log that began in another run, or
     * before going back, tells of checkpoints that are not here.
     *
     * @param here the run's checkpoints; that of the last step may be yet to come
     */
    Optional<LoggedEvaluation> best(CheckpointFolders here) {
        return best(evaluations.stream().filter(each -> each.step() == done() || here.has(each.step())));
    }

    private static Optional<LoggedEvaluation> best(Stream<LoggedEvaluation> evaluations) {
        return evaluations.reduce((a, b) -> b.kappa() > a.kappa() ? b : a);
    }

    /** Whether the last so many evaluations brought nothing better than what was before them. */
    public boolean stagnates(int patience) {
        var best = best(evaluations.stream());
        return best.isPresent() && evaluations.size() - 1 - evaluations.indexOf(best.get()) >= patience;
    }
}
