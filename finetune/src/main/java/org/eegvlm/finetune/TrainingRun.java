package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eegvlm.core.io.Json;

/** The steps from where a run stands to its end, with what happens between them: watching, evaluating, saving. */
final class TrainingRun {

    /** Writes model and optimisers of a checkpoint. */
    @FunctionalInterface
    interface State {
        void write(Path folder) throws IOException;
    }

    private final PlannedRun run;
    private final FineTuneConfig config;
    private final TrainingStep step;
    private final Optional<Validation> validation;
    private final CheckpointFolders checkpoints;
    private final State state;
    private final RunWatch watch;

    TrainingRun(
            PlannedRun run,
            TrainingStep step,
            Optional<Validation> validation,
            CheckpointFolders checkpoints,
            State state,
            RunWatch watch) {
        this.run = run;
        this.config = run.config();
        this.step = step;
        this.validation = validation;
        this.checkpoints = checkpoints;
        this.state = state;
        this.watch = watch;
    }

    /**
     * @param log of earlier processes; grows
     * @param stop whether to save and return early
     * @return whether the training came to its end
     */
    boolean run(TrainingLog log, BooleanSupplier stop) throws IOException {
        while (log.done() < run.steps() && !stagnates(log)) {
            if (stop.getAsBoolean()) {
                saveUnlessSaved(log);
                return false;
            }
            var done = oneStep(log.done());
            log.add(done);
            watch.stepped(done);
            evaluate(log);
            if (isToBeSaved(log)) {
                save(log);
            }
        }
        watch.ended();
        saveUnlessSaved(log);
        return true;
    }

    private LoggedStep oneStep(long number) throws IOException {
        try {
            return step.take(number, run.plan().batches(number));
        } catch (RuntimeException | OutOfMemoryError e) {
            var shortage = MemoryShortage.in(e, config, number + 1, checkpoints.newest());
            if (shortage.isPresent()) {
                throw shortage.get();
            }
            throw e;
        }
    }

    private void evaluate(TrainingLog log) throws IOException {
        long last = log.done() - 1;
        boolean due = config.evaluation().interval().endsWith(last, run.plan()) || log.done() == run.steps();
        if (validation.isPresent() && due) {
            var evaluation = validation.get().evaluate(log.done());
            log.add(evaluation);
            watch.evaluated(evaluation);
        }
    }

    private boolean stagnates(TrainingLog log) {
        return config.evaluation().patience().map(log::stagnates).orElse(false);
    }

    /** When the settings say so, and when an evaluation was better than all before it. */
    private boolean isToBeSaved(TrainingLog log) {
        return config.saving().interval().endsWith(log.done() - 1, run.plan())
                || log.best(checkpoints).map(best -> best.step() == log.done()).orElse(false);
    }

    private void saveUnlessSaved(TrainingLog log) throws IOException {
        var newest = checkpoints.newest();
        if (log.done() > 0 && (newest.isEmpty() || CheckpointFolders.step(newest.get()) != log.done())) {
            save(log);
        }
    }

    private void save(TrainingLog log) throws IOException {
        var before = checkpoints.newest();
        try {
            checkpoints.save(log.done(), folder -> {
                state.write(folder);
                log.write(folder);
                var told = new TrainerState(config, run.plan(), run.steps());
                Json.write(folder.resolve(TrainerState.FILE), told.of(log, checkpoints));
            });
        } catch (IOException e) {
            var left = before.map(path -> "; the same command goes on from " + path.getFileName())
                    .orElse("");
            throw new FileSystemException(
                    checkpoints.of(log.done()).toString(), null, "could not be saved: " + e.getMessage() + left);
        }
        int kept = config.saving().totalLimit().orElse(Integer.MAX_VALUE);
        checkpoints.keep(kept, log.best(checkpoints).map(LoggedEvaluation::step));
        watch.saved(log);
    }
}
