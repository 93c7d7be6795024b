package org.eegvlm.finetune;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eegvlm.finetune.output.RunWatch;
import org.eegvlm.finetune.output.SavedRun;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.finetune.step.LoggedStep;
import org.eegvlm.finetune.step.TrainingStep;

/** The steps from where a run stands to its end, with what happens between them: watching, evaluating, saving. */
final class TrainingRun {

    private final PlannedRun run;
    private final TrainingStep step;
    private final Optional<Validation> validation;
    private final SavedRun saved;
    private final RunWatch watch;

    TrainingRun(PlannedRun run, TrainingStep step, Optional<Validation> validation, SavedRun saved, RunWatch watch) {
        this.run = run;
        this.step = step;
        this.validation = validation;
        this.saved = saved;
        this.watch = watch;
    }

    /**
     * @param log of earlier processes; grows
     * @param stop whether to save and return early
     * @return whether the training came to its end
     */
    boolean run(TrainingLog log, BooleanSupplier stop) throws IOException {
        while (log.done() < run.plan().steps() && !stagnates(log)) {
            if (stop.getAsBoolean()) {
                saveUnlessSaved(log);
                return false;
            }
            var done = oneStep(log.done());
            log.add(done);
            watch.stepped(done);
            evaluate(log);
            if (saved.isDue(log)) {
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
            var shortage = MemoryShortage.in(e, run.config(), number + 1, saved.newest());
            if (shortage.isPresent()) {
                throw shortage.get();
            }
            throw e;
        }
    }

    private void evaluate(TrainingLog log) throws IOException {
        long last = log.done() - 1;
        boolean due = run.plan().ends(run.config().evaluation().interval(), last)
                || log.done() == run.plan().steps();
        if (validation.isPresent() && due) {
            var evaluation = validation.get().evaluate(log.done());
            log.add(evaluation);
            watch.evaluated(evaluation);
        }
    }

    private boolean stagnates(TrainingLog log) {
        return run.config().evaluation().patience().map(log::stagnates).orElse(false);
    }

    private void saveUnlessSaved(TrainingLog log) throws IOException {
        if (!saved.isUpToDate(log)) {
            save(log);
        }
    }

    private void save(TrainingLog log) throws IOException {
        saved.save(log);
        watch.saved(log);
    }
}
