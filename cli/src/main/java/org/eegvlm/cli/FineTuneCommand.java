package org.eegvlm.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.finetune.DryRun;
import org.eegvlm.finetune.FineTuneReport;
import org.eegvlm.finetune.FineTuneRunner;
import org.eegvlm.finetune.Surroundings;
import org.eegvlm.finetune.config.DeepSpeedFile;
import org.eegvlm.finetune.config.FineTuneConfig;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "finetune",
        description = "Trains LoRA and the projector of a LLaVA on instruction data, vision features injected.",
        modelTransformer = StockFlag.Options.class,
        footer = {
            "%nFlags may be spelt as LLaVA does, --lora_r; docs/finetuning.md tells each.",
            "%nExamples:",
            "  eegvlm finetune --model-name-or-path models/nano-llava --output-dir checkpoints/nano",
            "  eegvlm finetune --config run.yaml --seed 7"
        })
final class FineTuneCommand implements Callable<Integer> {

    /** A step of a large model takes minutes, and its checkpoint gigabytes. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private Terminal terminal = new Terminal();

    @ArgGroup(validate = false, order = 1, heading = "%nFiles:%n")
    private FileFlags files = new FileFlags();

    @ArgGroup(validate = false, order = 2, heading = "%nWhat the model reads:%n")
    private InputFlags input = new InputFlags();

    @ArgGroup(validate = false, order = 3, heading = "%nWhat is trained:%n")
    private LoraFlags lora = new LoraFlags();

    @ArgGroup(validate = false, order = 4, heading = "%nOptimiser:%n")
    private OptimizerFlags optimizer = new OptimizerFlags();

    @ArgGroup(validate = false, order = 5, heading = "%nBatches:%n")
    private BatchFlags batch = new BatchFlags();

    @ArgGroup(validate = false, order = 6, heading = "%nMemory:%n")
    private PrecisionFlags precision = new PrecisionFlags();

    @ArgGroup(validate = false, order = 7, heading = "%nEvaluation during training:%n")
    private EvaluationFlags evaluation = new EvaluationFlags();

    @ArgGroup(validate = false, order = 8, heading = "%nCheckpoints and logs:%n")
    private SavingFlags saving = new SavingFlags();

    @ArgGroup(validate = false, order = 9, heading = "%nRunning:%n")
    private RunFlags run = new RunFlags();

    @ArgGroup(validate = false, order = 10, heading = "%nWhere a run begins:%n")
    private StartFlags start = new StartFlags();

    @ArgGroup(validate = false, order = 11, heading = "%nPictures:%n")
    private TowerCacheFlags towerCache = new TowerCacheFlags();

    @Override
    public Integer call() throws IOException {
        run.config().ifPresent(file -> terminal.note("flags from %s, where this line has no other", file));
        StockFlag.notes(command.commandLine().getParseResult()).forEach(line -> terminal.note("%s", line));
        saving.note().ifPresent(line -> terminal.note("%s", line));
        var deepSpeed = precision.deepSpeed();
        deepSpeed.ifPresent(file -> terminal.note("--deepspeed: %s", file.note()));
        if (run.dry()) {
            new DryRun(config(deepSpeed)).lines().forEach(line -> terminal.print("%s", line));
            return ExitCode.GOOD;
        }
        try (var interruption = Interruption.watch(PATIENCE, this::tellWhatIsWaitedFor)) {
            FineTuneReport report;
            try (var progress = terminal.progress()) {
                var surroundings = Surroundings.of(progress)
                        .withTowerCache(towerCache.cache())
                        .withStop(interruption::requested);
                report = new FineTuneRunner(config(deepSpeed), surroundings).run();
            }
            terminal.print("%s", outcome(report));
            interruption.settled();
        }
        return ExitCode.GOOD;
    }

    private static String outcome(FineTuneReport report) {
        return report.finished()
                ? "adapter in %s".formatted(report.output())
                : "stopped after step %d; the same command goes on from there".formatted(report.steps());
    }

    private void tellWhatIsWaitedFor() {
        terminal.note("eegvlm: finishing the step, then saving a checkpoint; kill -9 ends at once");
    }

    FineTuneConfig config(Optional<DeepSpeedFile> deepSpeed) {
        var read = input.input();
        return new FineTuneConfig(
                files.paths(read.featureMode()),
                lora.lora(),
                optimizer.optimizer(deepSpeed.flatMap(DeepSpeedFile::clipping)),
                batch.batch(),
                read,
                precision.precision(),
                evaluation.evaluation(read.featureMode()),
                saving.saving(),
                saving.logging(),
                run.execution().withStart(start.start()));
    }
}
