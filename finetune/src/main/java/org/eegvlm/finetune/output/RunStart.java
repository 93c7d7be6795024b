package org.eegvlm.finetune.output;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.check.LeakageCheck;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.llama.LoraConfig;

/** Where a run begins, and whether it may begin there at all: what can be known before a large model is read. */
public final class RunStart {

    private final FineTuneConfig config;
    private final RunFolder folder;

    public RunStart(FineTuneConfig config) {
        this.config = config;
        this.folder = new RunFolder(config.paths().output());
    }

    /**
     * Refuses what can be refused without reading the data.
     *
     * @throws IllegalArgumentException if the output may not be written, or what the run shall start from is not there
     * @throws org.eegvlm.core.manifest.LeakageException if somebody is to be learnt from who is kept for evaluation
     */
    public void requireReady() throws IOException {
        LeakageCheck.beforeTraining(config.paths().samples().data());
        TorchDevice.list(config.execution().device()).forEach(TorchDevice::requirePresent);
        folder.requireWritable();
        if (config.execution().overwrite()) {
            folder.requireReplaceable(inputs());
        } else {
            folder.requireFree();
        }
        requireStart();
        var model = config.paths().model();
        require(
                !ModelFolder.isAdapter(model),
                "%s is a LoRA folder; name the model it adapts, and the folder with --adapter-name-or-path",
                model);
    }

    /** The settings, with LoRA as the adapter has it that the run starts from. */
    public FineTuneConfig settled() throws IOException {
        var start = config.execution().start();
        var given = start.adapter().or(this::foreignCheckpoint);
        return given.isPresent() ? config.withLora(LoraConfig.in(given.get())) : config;
    }

    /** The checkpoint whose state the run begins with, if it does not begin at step 0; the same after {@link #begin}. */
    public Optional<Path> checkpoint(RunRecord record) throws IOException {
        var own = ownCheckpoint();
        if (own.isPresent() && !folder.wentBackTo(own.get())) {
            return own;
        }
        return replaces(record) ? foreignCheckpoint() : newest().or(this::foreignCheckpoint);
    }

    /** Whether {@link #begin} drops what is there. */
    public boolean replaces(RunRecord record) throws IOException {
        return config.execution().overwrite()
                && ownCheckpoint().isEmpty()
                && Files.exists(folder.path())
                && folder.isToBeDropped(record);
    }

    /**
     * Refuses another run's checkpoint that leaves nothing to train.
     *
     * @param steps of the whole run
     * @throws IllegalArgumentException if another run's checkpoint has as many steps already
     */
    public void requireStepsLeft(RunRecord record, long steps) throws IOException {
        var foreign = foreignCheckpoint();
        if (foreign.isPresent() && checkpoint(record).equals(foreign)) {
            long done = TrainingLog.in(foreign.get()).done();
            require(
                    done < steps,
                    "%s was written after %d steps, and this run has %d: nothing is left to train; ask for more with --max_steps or --num_train_epochs, or begin anew with its weights: --adapter_name_or_path",
                    foreign.get(),
                    done,
                    steps);
        }
    }

    /**
     * Refuses what {@link #begin} would refuse.
     *
     * @throws IllegalArgumentException if the output holds what was begun with other settings or other inputs
     */
    public void requireContinuable(RunRecord record) throws IOException {
        var own = ownCheckpoint();
        require(
                own.isEmpty() || record.isOf(folder.path()),
                "%s was written with other settings or other inputs; to go on from it with these, give another --output-dir",
                own.orElse(folder.path()));
        var execution = config.execution();
        folder.requireContinuable(
                record, execution.overwrite(), execution.start().mustResume());
    }

    /** Makes the output ready: empty, or as an earlier process left it, or gone back to a checkpoint. */
    public void begin(RunRecord record) throws IOException {
        requireContinuable(record);
        var own = ownCheckpoint();
        if (own.isPresent()) {
            folder.goBackTo(own.get());
        }
        folder.begin(record, config.execution().overwrite());
    }

    private Optional<Path> newest() throws IOException {
        return Files.isDirectory(folder.path()) ? folder.checkpoints().newest() : Optional.empty();
    }

    private Optional<Path> ownCheckpoint() {
        return config.execution().start().checkpoint().filter(each -> RunRecord.isOwn(each, folder.path()));
    }

    private Optional<Path> foreignCheckpoint() {
        return config.execution().start().checkpoint().filter(each -> !RunRecord.isOwn(each, folder.path()));
    }

    /** All that is read after the output was made ready; a checkpoint of its own is no input. */
    private List<Path> inputs() {
        var paths = config.paths();
        var asked = config.evaluation().samples().stream().flatMap(SampleFiles::paths);
        return Stream.of(
                        Stream.of(paths.model()),
                        paths.samples().paths(),
                        asked,
                        config.execution().start().adapter().stream(),
                        foreignCheckpoint().stream())
                .flatMap(each -> each)
                .filter(Files::exists) // what is missing is told where it is read
                .toList();
    }

    private void requireStart() throws IOException {
        var start = config.execution().start();
        if (start.checkpoint().isPresent()
                && !folder.wentBackTo(start.checkpoint().get())) {
            var checkpoint = start.checkpoint().get();
            require(
                    Files.exists(checkpoint.resolve(TrainingLog.STEPS)),
                    "%s is no checkpoint of a run: it has no %s",
                    checkpoint,
                    TrainingLog.STEPS);
        }
        if (start.mustResume()) {
            require(
                    newest().isPresent(),
                    "%s has no checkpoint to go on from; leave out --resume to begin",
                    folder.path());
        }
    }
}
