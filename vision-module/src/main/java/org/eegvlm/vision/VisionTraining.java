package org.eegvlm.vision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;

/**
 * Teaches a network to tell stages from pictures, on the train subjects alone. The last pass is kept
 * whose κ on the validation subjects is within a standard error of the highest.
 *
 * <p>Writes {@code model.safetensors}, {@code config.json}, {@code metrics.json} and {@code predictions.jsonl}, the
 * answers for the evaluation epochs. A run that was killed goes on after its last whole pass and ends in the same bytes.
 */
public final class VisionTraining {

    private static final String METRICS = "metrics.json";
    private static final String PREDICTIONS = "predictions.jsonl";
    private static final String TASK = "training the vision module";

    private final VisionConfig config;
    private final Progress progress;
    private final VisionEngine engine;
    private final NetworkConfig network;

    public VisionTraining(VisionConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
        engine = VisionEngine.named(config.engine());
        network = engine.network(config.backbone(), config.picture().size());
    }

    /**
     * @throws org.eegvlm.core.io.OutputExistsException if a finished model may not be replaced
     * @throws org.eegvlm.core.manifest.LeakageException if a subject is in two splits
     * @throws IllegalArgumentException if there is no scored train epoch
     */
    public VisionReport run() throws IOException {
        var pictures = EpochPictures.of(config.manifest());
        var train = scored(pictures, Split.TRAIN);
        Checks.require(train.size() > 1, config.manifest() + " has no scored train epochs to learn from");
        var output = Output.begin(config.output(), config.overwrite());
        var checkpoint = Checkpoint.in(output.partial(), card(pictures));
        // The figures are written last: with them there, only the tidying up was left to do.
        if (!Files.exists(output.partial().resolve(METRICS))) {
            train(pictures, train, checkpoint, output.partial());
        }
        checkpoint.clear();
        output.finish();
        return new VisionReport(config.output(), Json.read(config.output().resolve(METRICS), VisionMetrics.class));
    }

    private void train(EpochPictures pictures, List<EpochRecord> train, Checkpoint checkpoint, Path folder)
            throws IOException {
        var history = Checkpoint.History.NONE;
        var start = new LearnerConfig(config.seed(), config.schedule().weightDecay(), config.device());
        try (var learner = engine.learner(network, start)) {
            history = checkpoint.restore(learner);
            while (history.passes().size() < config.schedule().passes()) {
                history = pass(pictures, train, learner, history);
                checkpoint.save(learner, history);
            }
        }
        checkpoint.keepBest(history);
        evaluate(pictures, history, folder);
    }

    private VisionCard card(EpochPictures pictures) throws IOException {
        return new VisionCard(
                network,
                config.picture(),
                config.schedule(),
                config.seed(),
                pictures.spec(),
                pictures.spec().sha256(),
                Sha256.of(config.manifest()),
                pictures.manifest().subjects(Split.TRAIN),
                pictures.manifest().subjects(Split.VALIDATION),
                pictures.manifest().simulated());
    }

    private Checkpoint.History pass(
            EpochPictures pictures, List<EpochRecord> train, StageLearner learner, Checkpoint.History before)
            throws IOException {
        int pass = before.passes().size() + 1;
        double loss = learn(pictures, train, learner, pass);
        var answers = answers(pictures, scored(pictures, Split.VALIDATION), learner);
        var figures = scores(answers).map(Scores::overall);
        var passes = new ArrayList<>(before.passes());
        passes.add(new VisionMetrics.Pass(
                pass, loss, figures.map(Scores.Figures::kappa), figures.map(VisionTraining::standardError)));
        return new Checkpoint.History(bestPass(passes), passes);
    }

    /**
     * The last pass that is not clearly worse than the best one, by one standard error of its κ: one night tells passes
     * apart only so far, and the learning rate falls from pass to pass.
     */
    static int bestPass(List<VisionMetrics.Pass> passes) {
        double enough = passes.stream()
                .max(Comparator.comparing(pass -> pass.validationKappa().orElse(0.0)))
                .map(best -> best.validationKappa().orElse(0.0)
                        - best.standardError().orElse(0.0))
                .orElseThrow();
        return passes.stream()
                .filter(pass -> pass.validationKappa().orElse(0.0) >= enough)
                .mapToInt(VisionMetrics.Pass::pass)
                .max()
                .orElseThrow();
    }

    /** {@code sqrt(p (1 − p) / n) / (1 − e)}, with agreement p and the agreement e of chance (Cohen 1960). */
    private static double standardError(Scores.Figures figures) {
        double agreement = figures.accuracy();
        double beyondChance = figures.kappa() < 1 ? (1 - agreement) / (1 - figures.kappa()) : 1;
        return Math.sqrt(agreement * (1 - agreement) / figures.n()) / Math.max(beyondChance, 1e-9);
    }

    /** One pass over the training epochs, in an order of its own. @return the mean loss */
    private double learn(EpochPictures pictures, List<EpochRecord> train, StageLearner learner, int pass)
            throws IOException {
        var shuffled = new ArrayList<>(train);
        var random = new Random(31 * config.seed() + pass);
        Collections.shuffle(shuffled, random);
        var batches = batches(shuffled);
        long steps = (long) batches.size() * config.schedule().passes();
        double sum = 0;
        for (var batch : batches) {
            var images = pictures.read(batch).stream()
                    .map(image -> config.schedule().augmentation().apply(image, pictures.spec(), random))
                    .toList();
            var pixels = config.picture().values(images);
            double rate = config.schedule().rate(learner.steps(), steps);
            double loss = learner.step(pixels, targets(batch), batch.size(), rate);
            sum += loss * batch.size();
            progress.at(TASK, learner.steps(), steps, String.format(Locale.ROOT, "loss %.3f", loss));
        }
        return sum / train.size();
    }

    /** Batches of nearly equal size: a last one of a single picture would have no statistics for batch norm. */
    private List<List<EpochRecord>> batches(List<EpochRecord> epochs) {
        int count =
                Math.max(1, Math.round(epochs.size() / (float) config.schedule().batch()));
        return IntStream.range(0, count)
                .mapToObj(i -> epochs.subList(
                        Math.toIntExact((long) i * epochs.size() / count),
                        Math.toIntExact((i + 1L) * epochs.size() / count)))
                .toList();
    }

    private float[] targets(List<EpochRecord> epochs) {
        int stages = SleepStage.values().length;
        float smoothing = (float) config.schedule().labelSmoothing();
        var targets = new float[epochs.size() * stages];
        Arrays.fill(targets, smoothing / stages);
        for (int i = 0; i < epochs.size(); i++) {
            int stage = epochs.get(i).stage().orElseThrow().ordinal();
            targets[i * stages + stage] += 1 - smoothing;
        }
        return targets;
    }

    private void evaluate(EpochPictures pictures, Checkpoint.History history, Path folder) throws IOException {
        try (var best = engine.open(folder, network, config.device())) {
            var validation = answers(pictures, scored(pictures, Split.VALIDATION), best);
            var eval = answers(pictures, pictures.manifest().split(Split.EVAL), best);
            Json.writeLines(folder.resolve(PREDICTIONS), eval);
            Json.write(
                    folder.resolve(METRICS),
                    new VisionMetrics(history.bestPass(), history.passes(), scores(validation), scores(eval)));
        }
    }

    private List<Answer> answers(EpochPictures pictures, List<EpochRecord> epochs, StageEncoder encoder)
            throws IOException {
        var answers = new ArrayList<Answer>();
        int batch = config.schedule().batch();
        for (int from = 0; from < epochs.size(); from += batch) {
            var some = epochs.subList(from, Math.min(from + batch, epochs.size()));
            var encoded = FeatureExtractor.encode(encoder, config.picture(), pictures.read(some));
            for (int i = 0; i < some.size(); i++) {
                answers.add(Answer.of(some.get(i), config.modelId(), doubles(encoded.probabilities()[i])));
            }
        }
        return answers;
    }

    private static Optional<Scores> scores(List<Answer> answers) {
        var scored =
                answers.stream().filter(answer -> answer.label().isPresent()).toList();
        return scored.isEmpty() ? Optional.empty() : Optional.of(Scores.of(scored));
    }

    private static List<EpochRecord> scored(EpochPictures pictures, Split split) {
        return pictures.manifest().split(split).stream()
                .filter(epoch -> epoch.stage().isPresent())
                .toList();
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
