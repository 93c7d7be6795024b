package org.eegvlm.vision;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.vision.engine.StageLearner;

/** One pass over the training epochs: its order, its changed pictures and its targets come from the seed and its number. */
final class Lesson {

    private static final String TASK = "training the vision module";

    private final VisionConfig config;
    private final EpochPictures pictures;
    private final List<EpochRecord> train;
    private final double[] stageWeights;
    private final Progress progress;

    Lesson(VisionConfig config, EpochPictures pictures, List<EpochRecord> train, Progress progress) {
        this.config = config;
        this.pictures = pictures;
        this.train = train;
        this.progress = progress;
        stageWeights = regularization().balance().weights(train);
        regularization().augmentation().requireFor(pictures.spec());
    }

    /** @return the mean loss */
    double teach(StageLearner learner, int pass) throws IOException {
        var random = new Random(31 * config.seed() + pass);
        var shuffled = new ArrayList<>(train);
        Collections.shuffle(shuffled, random);
        var batches = batches(regularization().balance().pass(shuffled, random));
        long steps = (long) batches.size() * config.schedule().passes();
        double sum = 0;
        for (var batch : batches) {
            var images = pictures.read(batch).stream()
                    .map(image -> regularization().augmentation().apply(image, pictures.spec(), random))
                    .toList();
            var given = config.picture().batch(images);
            double rate = config.schedule().rate(learner.steps(), steps);
            double loss = learner.step(given, targets(batch), rate);
            sum += loss * batch.size();
            progress.at(TASK, learner.steps(), steps, String.format(Locale.ROOT, "loss %.3f", loss));
        }
        return sum / train.size();
    }

    private List<List<EpochRecord>> batches(List<EpochRecord> epochs) {
        return Part.of(epochs.size(), config.schedule().steps(epochs.size())).stream()
                .map(part -> epochs.subList(part.from(), part.to()))
                .toList();
    }

    private float[] targets(List<EpochRecord> epochs) {
        int stages = SleepStage.values().length;
        float smoothing = (float) regularization().labelSmoothing();
        var targets = new float[epochs.size() * stages];
        Arrays.fill(targets, smoothing / stages);
        for (int i = 0; i < epochs.size(); i++) {
            int stage = epochs.get(i).stage().orElseThrow().ordinal();
            targets[i * stages + stage] += 1 - smoothing;
            if (stageWeights[stage] != 1) {
                for (int j = i * stages; j < (i + 1) * stages; j++) {
                    targets[j] *= (float) stageWeights[stage];
                }
            }
        }
        return targets;
    }

    private Regularization regularization() {
        return config.schedule().regularization();
    }
}
