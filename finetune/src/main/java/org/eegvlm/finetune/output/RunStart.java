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
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.llama.LoraConfig;

/** Where a run begins, and whether it may begin there at all: what can be known before a large model is read. */
public final class RunStart {

    private final FineTuneConfig config;
    private final RunRecord record;
    private final RunFolder folder;

    private RunStart(FineTuneConfig config, RunRecord record) {
        this.config = config;
        this.record = record;
        this.folder = new RunFolder(config.paths().output());
    }

    /** The settings, with LoRA as the adapter has it that the run starts from. */
    public static FineTuneConfig settled(FineTuneConfig config) throws IOException {
        var given = config.execution().start().adapter().or(() -> foreignCheckpoint(config));
        return given.isPresent() ? config.withLora(LoraConfig.in(given.get())) : config;
    }

    /**
     * That of a run whose data is read.
     *
     * @param steps of the whole run
     * @throws IllegalArgumentException if the output holds what was begun with other settings or other inputs, or the
     *     checkpoint of another run has as many steps already
     */
    public static RunStart of(FineTuneConfig settled, RunRecord record, long steps) throws IOException {
        var start = new RunStart(settled, record);
        start.requireStepsLeft(steps);
        start.requireContinuable();
        return start;
    }

    /** By which the run is known again. */
    public RunRecord record() {
        return record;
    }

    /** The checkpoint whose state the run begins with, if it does not begin at step 0; the same after {@link #begin}. */
    public Optional<Path> checkpoint() throws IOException {
        var own = ownCheckpoint();
        if (own.isPresent() && !folder.wentBackTo(own.get())) {
            return own;
        }
        return replaces() ? foreignCheckpoint(config) : newest(folder).or(() -> foreignCheckpoint(config));
    }

    /** Whether {@link #begin} drops what is there. */
    public boolean replaces() throws IOException {
        return config.execution().overwrite()
                && ownCheckpoint().isEmpty()
                && Files.exists(folder.path())
                && folder.isToBeDropped(record);
    }

    /** Makes the output ready: empty, or as an earlier process left it, or gone back to a checkpoint. */
    public void begin() throws IOException {
        requireContinuable(); // another process may have begun here since
        var own = ownCheckpoint();
        if (own.isPresent()) {
            folder.goBackTo(own.get());
        }
        folder.begin(record, config.execution().overwrite());
    }

    /**
     * Without reading the data.
     *
     * @throws IllegalArgumentException if the output may not be written, or what the run shall start from is not there
     * @throws org.eegvlm.core.manifest.LeakageException if somebody is to be learnt from who is kept for evaluation
     */
    public static void requireReady(FineTuneConfig config) throws IOException {
        var folder = new RunFolder(config.paths().output());
        LeakageCheck.beforeTraining(config.paths().samples().data());
        TorchDevice.list(config.execution().device()).forEach(TorchDevice::requirePresent);
        folder.requireWritable();
        if (config.execution().overwrite()) {
            folder.requireReplaceable(inputs(config));
        } else {
            folder.requireFree();
        }
        requireStart(config.execution().start(), folder);
        var model = config.paths().model();
        require(
                !ModelFolder.isAdapter(model),
                "%s is a LoRA folder; name the model it adapts, and the folder with --adapter-name-or-path",
                model);
    }

    /** All that is read after the output was made ready; a checkpoint of its own is no input. */
    private static List<Path> inputs(FineTuneConfig config) {
        var paths = config.paths();
        var asked = config.evaluation().samples().stream().flatMap(SampleFiles::paths);
        return Stream.of(
                        Stream.of(paths.model()),
                        paths.samples().paths(),
                        asked,
                        config.execution().start().adapter().stream(),
                        foreignCheckpoint(config).stream())
                .flatMap(each -> each)
                .filter(Files::exists) // what is missing is told where it is read
                .toList();
    }

    private static void requireStart(StartConfig start, RunFolder folder) throws IOException {
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
                    newest(folder).isPresent(),
                    "%s has no checkpoint to go on from; leave out --resume to begin",
                    folder.path());
        }
    }

    private void requireStepsLeft(long steps) throws IOException {
        var foreign = foreignCheckpoint(config);
        if (foreign.isPresent() && checkpoint().equals(foreign)) {
            long done = TrainingLog.in(foreign.get()).done();
            require(
                    done < steps,
                    "%s was written after %d steps, and this run has %d: nothing is left to train; ask for more with --max_steps or --num_train_epochs, or begin anew with its weights: --adapter_name_or_path",
                    foreign.get(),
                    done,
                    steps);
        }
    }

    private void requireContinuable() throws IOException {
        var own = ownCheckpoint();
        require(
                own.isEmpty() || record.isOf(folder.path()),
                "%s was written with other settings or other inputs; to go on from it with these, give another --output-dir",
                own.orElse(folder.path()));
        if (config.execution().overwrite()) {
            require(
                    !config.execution().start().mustResume() || !folder.isToBeDropped(record),
                    "%s cannot be resumed: it is finished, or was begun with other settings or other inputs; leave out --resume to drop it",
                    folder.path());
        } else {
            record.requireNoOther(folder.path());
        }
    }

    private static Optional<Path> newest(RunFolder folder) throws IOException {
        return Files.isDirectory(folder.path()) ? folder.checkpoints().newest() : Optional.empty();
    }

    private Optional<Path> ownCheckpoint() {
        return config.execution().start().checkpoint().filter(each -> RunRecord.isOwn(each, folder.path()));
    }

    private static Optional<Path> foreignCheckpoint(FineTuneConfig config) {
        return config.execution()
                .start()
                .checkpoint()
                .filter(each -> !RunRecord.isOwn(each, config.paths().output()));
    }
}
