package org.eegvlm.vision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectFolds;

/**
 * Trains a vision module on all train subjects, and beside it, in {@code fold-1}, {@code fold-2}, …, one for each fold of
 * them that has not seen this fold. What these make of their fold is what a vision module makes of strangers; what the
 * whole one makes of it is what it remembers.
 *
 * <p>Each fold model starts from the same first weights, learns alike, answers for the subjects that it has not seen, and
 * is aligned: brought into the whole model's space by the pictures that both have learnt from. What is finished is not
 * done again, asked to overwrite or not: that replaces only what was trained otherwise. A run that was killed goes on where
 * it was.
 */
public final class FoldTraining {

    /** More rows move the map no further. */
    private static final int MOST_ROWS = 4096;

    private static final int BATCH = 32;

    private final VisionConfig config;
    private final int folds;
    private final Progress progress;

    /** @param folds at least 2; each train subject is held out by one */
    public FoldTraining(VisionConfig config, int folds, Progress progress) {
        this.config = config;
        this.folds = folds;
        this.progress = progress;
    }

    /**
     * @throws IllegalArgumentException if there are fewer train subjects than folds
     * @throws org.eegvlm.core.manifest.LeakageException if the weights to start from have seen one of them
     * @throws org.eegvlm.core.io.OutputExistsException if a finished model was trained otherwise and may not be replaced
     */
    public void run() throws IOException {
        try (var pictures = EpochPictures.of(config.manifest())) {
            run(pictures);
        }
    }

    private void run(EpochPictures pictures) throws IOException {
        var partition = SubjectFolds.of(pictures.manifest().subjects(Split.TRAIN), folds, config.seed());
        if (config.weights().isPresent()) {
            var file = config.weights().get();
            var train = pictures.manifest().subjects(Split.TRAIN);
            SeenSubjects.requireStrangers(file, SeenSubjects.by(file).all(), train, "be held out by a fold");
        }
        var whole = new VisionTraining(config, progress).complete();
        for (int fold = 0; fold < folds; fold++) {
            var name = "fold %d of %d: ".formatted(fold + 1, folds);
            Progress told = (task, done, total, note) -> progress.at(name + task, done, total, note);
            var folder = FoldModel.folder(config.output(), fold);
            new VisionTraining(config.withOutput(folder), partition.subjects(fold), told).completeBeside(whole);
            if (!Files.exists(folder.resolve(Alignment.FILE))) {
                align(folder, whole.load(), pictures, shared(pictures, partition.others(fold)), told);
            }
        }
    }

    /** Evenly chosen among the epochs that both models have learnt from. */
    private static List<EpochRecord> shared(EpochPictures pictures, List<String> subjects) {
        var all = pictures.manifest().split(Split.TRAIN).stream()
                .filter(epoch ->
                        subjects.contains(epoch.subject()) && epoch.stage().isPresent())
                .toList();
        return Part.of(all.size(), Math.min(all.size(), MOST_ROWS)).stream()
                .map(part -> all.get(part.from()))
                .toList();
    }

    private void align(Path folder, Load load, EpochPictures pictures, List<EpochRecord> epochs, Progress told)
            throws IOException {
        try (var whole = FeatureExtractor.open(
                        config.output(), config.execution().with(load));
                var part = FeatureExtractor.open(folder, config.execution().with(load))) {
            var fit = new AlignmentFit(whole.config().network().featureSize());
            for (int from = 0; from < epochs.size(); from += BATCH) {
                int to = Math.min(from + BATCH, epochs.size());
                var images = pictures.read(epochs.subList(from, to));
                var wanted = whole.encode(images).features();
                var given = part.encode(images).features();
                for (int i = 0; i < given.length; i++) {
                    fit.add(given[i], wanted[i]);
                }
                told.at("aligning", to, epochs.size(), "");
            }
            Output.writeAtomically(folder.resolve(Alignment.FILE), fit.solve()::write);
        }
    }
}
