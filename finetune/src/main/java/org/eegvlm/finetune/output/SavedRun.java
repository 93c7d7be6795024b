package org.eegvlm.finetune.output;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.data.BatchPlan;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.finetune.step.Trainee;

/**
 * What a run saves: on its way checkpoints, each a model with its optimisers and the log until then, and at its end the
 * adapter beside them.
 */
public final class SavedRun {

    private final FineTuneConfig config;
    private final BatchPlan plan;
    private final RunRecord record;
    private final Trainee trainee;
    private final ModelFiles files;
    private final RunFolder folder;
    private final CheckpointFolders checkpoints;

    /** @param config of the run, whose output is ready */
    public SavedRun(FineTuneConfig config, TrainingData data, BatchPlan plan, RunRecord record, Trainee trainee) {
        this.config = config;
        this.plan = plan;
        this.record = record;
        this.trainee = trainee;
        this.files = new ModelFiles(config, data);
        this.folder = new RunFolder(config.paths().output());
        this.checkpoints = folder.checkpoints();
    }

    /** The newest checkpoint. */
    public Optional<Path> newest() throws IOException {
        return checkpoints.newest();
    }

    /** Whether to save now: when the settings say so, and when an evaluation was better than all before it. */
    public boolean isDue(TrainingLog log) {
        return plan.ends(config.saving().interval(), log.done() - 1)
                || log.best(checkpoints).map(best -> best.step() == log.done()).orElse(false);
    }

    /** Whether there is nothing to save: no step was done since the newest checkpoint. */
    public boolean isUpToDate(TrainingLog log) throws IOException {
        return log.done() == 0 || newest().map(CheckpointFolders::step).equals(Optional.of(log.done()));
    }

    /**
     * Writes a checkpoint, and drops those that are too many.
     *
     * @param log all steps that the trainee has taken
     * @throws FileSystemException telling what is left, if the checkpoint cannot be written
     */
    public void save(TrainingLog log) throws IOException {
        var before = newest();
        try {
            checkpoints.save(log.done(), into -> write(into, log));
        } catch (IOException e) {
            var left = before.map(path -> "; the same command goes on from " + path.getFileName())
                    .orElse("");
            throw new FileSystemException(
                    checkpoints.of(log.done()).toString(), null, "could not be saved: " + e.getMessage() + left);
        }
        int kept = config.saving().totalLimit().orElse(Integer.MAX_VALUE);
        checkpoints.keep(kept, log.best(checkpoints).map(LoggedEvaluation::step));
    }

    /** Makes the folder a model: that of the last step or, where the settings say so, of the best evaluation. */
    public void finish(TrainingLog log) throws IOException {
        var newest = newest().orElseThrow();
        var best = log.best(checkpoints).filter(each -> config.saving().best());
        var chosen = best.map(each -> checkpoints.of(each.step())).orElse(newest);
        folder.finish(chosen, newest, baseSeenFrom(folder.path()));
        if (config.saving().interval().equals(Interval.NEVER)) {
            checkpoints.keep(0, Optional.empty());
        }
    }

    private void write(Path checkpoint, TrainingLog log) throws IOException {
        trainee.save(checkpoint, baseSeenFrom(checkpoint));
        files.write(checkpoint);
        record.write(checkpoint);
        log.write(checkpoint);
        Json.write(checkpoint.resolve(TrainerState.FILE), new TrainerState(config, plan).of(log, checkpoints));
    }

    /** Relative, so that an adapter finds its base when both are moved together. */
    private String baseSeenFrom(Path from) {
        var base = config.paths().model().toAbsolutePath().normalize();
        return from.toAbsolutePath().normalize().relativize(base).toString().replace('\\', '/');
    }
}
