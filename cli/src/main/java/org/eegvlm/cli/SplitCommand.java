package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SplitConfig;
import org.eegvlm.core.manifest.SplitPlan;
import org.eegvlm.core.manifest.Splitting;
import org.eegvlm.core.manifest.SubjectSplit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "split",
        description = {
            "Makes data folders with the same pictures and other splits, by subject; nothing is drawn again.",
            "For cross-validation a folder a fold: fold-1, fold-2, …, in which that fold's subjects are evaluated."
        },
        footer = {
            "%nExamples:",
            "  eegvlm split --folds 10 --output sleep_data/folds",
            "  eegvlm split --eval SC400,SC401 --output sleep_data/other"
        })
final class SplitCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Option(names = "--output", required = true, description = "The data folder to make, or the folder of the folds.")
    private Path output = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Evaluated evaluated = new Evaluated();

    @Option(
            names = "--validation-subjects",
            defaultValue = "1",
            description = "Of the others, so many choose among models (${DEFAULT-VALUE}).")
    private int validationSubjects;

    @Option(names = "--seed", defaultValue = "0", description = "Decides who is drawn (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    /** One way of choosing whom to evaluate. */
    static final class Evaluated {
        @Option(
                names = "--folds",
                paramLabel = "K",
                description = "Everybody, in one of K folds, each evaluated by a model of its own.")
        private Optional<Integer> folds = Optional.empty();

        @Option(names = "--leave-one-out", description = "Everybody, each in a fold of their own.")
        private boolean leaveOneOut;

        @Option(names = "--eval-subjects", paramLabel = "N", description = "So many, drawn.")
        private Optional<Integer> drawn = Optional.empty();

        @Option(names = "--eval", split = ",", paramLabel = "SUBJECT", description = "These.")
        private List<String> named = List.of();
    }

    @Override
    public Integer call() throws IOException {
        try (var progress = terminal.progress()) {
            var config = new SplitConfig(manifest.path(), output, plan(), overwrite);
            new Splitting(config, progress).run().forEach(this::print);
        }
        return ExitCode.GOOD;
    }

    private SplitPlan plan() {
        if (evaluated.folds.isPresent()) {
            return new SplitPlan.Folds(evaluated.folds.get(), validationSubjects, seed);
        }
        if (evaluated.leaveOneOut) {
            return new SplitPlan.LeaveOneOut(validationSubjects, seed);
        }
        return evaluated
                .drawn
                .<SplitPlan>map(count -> new SplitPlan.HoldOut(new SubjectSplit(validationSubjects, count, seed)))
                .orElseGet(() -> new SplitPlan.Named(evaluated.named, validationSubjects, seed));
    }

    private void print(Path folder, EpochManifest split) {
        terminal.print(
                "%s: %d subjects to learn from, %d to choose among models; evaluated %s",
                folder,
                split.subjects(Split.TRAIN).size(),
                split.subjects(Split.VALIDATION).size(),
                String.join(", ", split.subjects(Split.EVAL)));
    }
}
