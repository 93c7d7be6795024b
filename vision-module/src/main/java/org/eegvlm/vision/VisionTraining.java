package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.Progress;
import org.eegvlm.core.chart.PassChart;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.StageLearner;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * Teaches a network to tell stages from pictures, on the train subjects alone. The last pass is kept
 * whose κ on the validation subjects is within a standard error of the highest.
 *
 * <p>Writes {@code model.safetensors}, {@code config.json}, {@code metrics.json}, {@code curves.svg} and {@code
 * predictions.jsonl}, the answers for the evaluation epochs. A run that was killed goes on after its last whole pass and
 * ends in the same bytes.
 */
public final class VisionTraining {

    private static final String METRICS = "metrics.json";
    private static final String PREDICTIONS = "predictions.jsonl";
    private static final String CURVES = "curves.svg";

    private final VisionConfig config;
    private final List<String> heldOut;
    private final Progress progress;
    private final VisionEngine engine;
    private final NetworkConfig network;

    public VisionTraining(VisionConfig config, Progress progress) {
        this(config, List.of(), progress);
    }

    /** @param heldOut train subjects that are asked about, in place of the evaluation subjects, and not learnt from */
    VisionTraining(VisionConfig config, List<String> heldOut, Progress progress) {
        this.heldOut = List.copyOf(heldOut);
        this.progress = progress;
        engine = VisionEngine.named(config.execution().engine());
        network = engine.network(config.backbone(), config.picture().size());
        this.config = config.withSchedule(config.schedule().suiting(engine.normsOverPictures(network)));
    }

    /**
     * @throws org.eegvlm.core.io.OutputExistsException if a finished model may not be replaced
     * @throws org.eegvlm.core.manifest.LeakageException if a subject is in two splits, or the weights to start from have
     *     seen an evaluation subject, or have learnt from a validation subject
     * @throws IllegalArgumentException if there is no scored train epoch, or the weights lie within the output
     */
    public VisionReport run() throws IOException {
        try (var pictures = pictures()) {
            var train = train(pictures);
            var card = card(pictures);
            at(choice(train).choose(begun(card))).run(pictures, train, card);
        }
        return new VisionReport(config.output(), Json.read(config.output().resolve(METRICS), VisionMetrics.class));
    }

    /**
     * How a model was trained.
     *
     * @param load or, where an older model does not tell it, the one that it would have
     * @param step pictures of its largest step
     */
    record Whole(Load load, int step) {

        /** Whether all pictures of a step went through the network at once. */
        boolean uncut() {
            return load.atOnce() >= step;
        }
    }

    /** As {@link #run}, unless the output is what that ends in. */
    Whole complete() throws IOException {
        try (var pictures = pictures()) {
            var train = train(pictures);
            var card = card(pictures);
            var finished = finished(card);
            var kept = finished.flatMap(VisionCard::load);
            var choice = choice(train);
            var load = kept.isPresent() ? kept.get() : choice.choose(begun(card));
            if (finished.isEmpty()) {
                at(load).run(pictures, train, card);
            }
            return new Whole(load, choice.step());
        }
    }

    /** As {@link #complete}, for a fold of a model, at its load. */
    void completeBeside(Whole whole) throws IOException {
        try (var pictures = pictures()) {
            var train = train(pictures);
            var card = card(pictures);
            if (finished(card).isEmpty()) {
                at(choice(train).beside(begun(card), whole)).run(pictures, train, card);
            }
        }
    }

    private Optional<VisionCard> finished(VisionCard card) throws IOException {
        return like(card, config.output())
                .filter(made -> made.load().map(config.execution()::allows).orElse(true));
    }

    /** Chosen once, and kept by what goes on: another load would end in other bits. */
    private Optional<Load> begun(VisionCard card) throws IOException {
        return like(card, new Output(config.output()).partial())
                .flatMap(VisionCard::load)
                .filter(load -> !config.overwrite() || config.execution().allows(load));
    }

    /** Of a model in a folder, finished or not, if it comes of this training. */
    private static Optional<VisionCard> like(VisionCard wanted, Path folder) throws IOException {
        return Files.exists(folder.resolve(VisionCard.FILE))
                ? Optional.of(VisionCard.in(folder)).filter(wanted::isLike)
                : Optional.empty();
    }

    private TrainingLoad choice(List<EpochRecord> train) {
        return new TrainingLoad(config, engine, network, config.schedule().largestStep(train.size()));
    }

    private List<EpochRecord> train(EpochPictures pictures) {
        var train = scored(pictures, Split.TRAIN);
        require(train.size() > 1, config.manifest() + " has no scored train epochs to learn from");
        return train;
    }

    private VisionTraining at(Load load) {
        return new VisionTraining(config.withExecution(config.execution().with(load)), heldOut, progress);
    }

    private void run(EpochPictures pictures, List<EpochRecord> train, VisionCard card) throws IOException {
        var lesson = new Lesson(config, pictures, train, progress);
        try (var learner = learner()) { // before an earlier model goes: weights or device may not suit
            var output = Output.begin(config.output(), config.overwrite());
            var checkpoint = Checkpoint.in(
                    output.partial(), card.withLoad(config.execution().load()));
            // The figures are written last: with them there, only the tidying up was left to do.
            if (!Files.exists(output.partial().resolve(METRICS))) {
                train(pictures, lesson, learner, checkpoint, output.partial());
            }
            checkpoint.clear();
            output.finish();
        }
    }

    private EpochPictures pictures() throws IOException {
        return EpochPictures.of(config.manifest()).holdingOut(heldOut);
    }

    private StageLearner learner() throws IOException {
        var regularization = config.schedule().regularization();
        var load = config.execution().load().orElseThrow();
        engine.useThreads(load.threads());
        var start = new LearnerConfig(
                config.seed(),
                regularization.weightDecay(),
                regularization.averaging(),
                config.execution().device(),
                load.atOnce());
        var learner = engine.learner(network, start);
        try {
            if (config.weights().isPresent()) {
                learner.begin(PretrainedWeights.read(config.weights().get(), network, learner.weights()));
            }
            return learner;
        } catch (IOException | RuntimeException e) {
            learner.close();
            throw e;
        }
    }

    private void train(EpochPictures pictures, Lesson lesson, StageLearner learner, Checkpoint checkpoint, Path folder)
            throws IOException {
        var history = checkpoint.restore(learner);
        while (!config.schedule().ends(history.passes())) {
            history = pass(pictures, lesson, learner, history);
            checkpoint.save(learner, history);
        }
        checkpoint.keepBest(history);
        evaluate(pictures, history, folder);
    }

    /** What the model will be; at which load is not told yet. */
    private VisionCard card(EpochPictures pictures) throws IOException {
        var validation = pictures.manifest().subjects(Split.VALIDATION);
        var seen = new SeenSubjects(pictures.manifest().subjects(Split.TRAIN), validation);
        Optional<String> weights = Optional.empty();
        if (config.weights().isPresent()) {
            var file = config.weights().get();
            requireOutsideTheOutput(file);
            var before = SeenSubjects.by(file);
            LeakageGate.checkEncoder(before.all(), pictures.manifest().subjects(Split.EVAL));
            SeenSubjects.requireStrangers(file, before.trainedOn(), validation, "validate");
            seen = seen.and(before);
            weights = Optional.of(Sha256.of(file));
        }
        return new VisionCard(
                network,
                config.picture(),
                config.schedule(),
                config.seed(),
                pictures.spec(),
                pictures.spec().sha256(),
                Sha256.of(config.manifest()),
                seen.trainedOn(),
                seen.validation(),
                pictures.manifest().simulated(),
                weights,
                Optional.empty());
    }

    /** There they would be deleted before they are needed again. */
    private void requireOutsideTheOutput(Path weights) throws IOException {
        var output = new Output(config.output().toAbsolutePath().normalize());
        for (var folder : List.of(output.target(), output.partial())) {
            boolean within = weights.toAbsolutePath().normalize().startsWith(folder)
                    || Files.exists(folder) && weights.toRealPath().startsWith(folder.toRealPath());
            require(
                    !within,
                    "the weights %s are within the output, which will be replaced; name another output",
                    weights);
        }
    }

    private Checkpoint.History pass(
            EpochPictures pictures, Lesson lesson, StageLearner learner, Checkpoint.History before) throws IOException {
        int pass = before.passes().size() + 1;
        double loss = lesson.teach(learner, pass);
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

    private void evaluate(EpochPictures pictures, Checkpoint.History history, Path folder) throws IOException {
        try (var best = engine.open(folder, network, config.execution().device())) {
            var validation = answers(pictures, scored(pictures, Split.VALIDATION), best);
            var eval = answers(pictures, pictures.manifest().split(Split.EVAL), best);
            Json.writeLines(folder.resolve(PREDICTIONS), eval);
            drawCurves(folder, history.passes());
            Json.write(
                    folder.resolve(METRICS),
                    new VisionMetrics(
                            history.bestPass(),
                            history.passes(),
                            scores(validation),
                            scores(eval),
                            calibration(validation),
                            calibration(eval)));
        }
    }

    private static void drawCurves(Path folder, List<VisionMetrics.Pass> passes) throws IOException {
        var points = passes.stream()
                .map(pass -> new PassChart.Point(pass.pass(), pass.loss(), pass.validationKappa()))
                .toList();
        Output.writeAtomically(folder.resolve(CURVES), PassChart.file(points).getBytes(StandardCharsets.UTF_8));
    }

    private List<Answer> answers(EpochPictures pictures, List<EpochRecord> epochs, StageEncoder encoder)
            throws IOException {
        var answers = new ArrayList<Answer>();
        int batch = config.execution().atOnce().orElseThrow();
        for (int from = 0; from < epochs.size(); from += batch) {
            var some = epochs.subList(from, Math.min(from + batch, epochs.size()));
            var encoded = FeatureExtractor.encode(encoder, config.picture(), pictures.read(some), batch);
            for (int i = 0; i < some.size(); i++) {
                answers.add(Answer.of(some.get(i), config.modelId(), doubles(encoded.probabilities()[i])));
            }
        }
        return answers;
    }

    private static Optional<Scores> scores(List<Answer> answers) {
        var labelled = labelled(answers);
        return labelled.isEmpty() ? Optional.empty() : Optional.of(Scores.of(labelled));
    }

    private static Optional<List<StageCalibration>> calibration(List<Answer> answers) {
        var labelled = labelled(answers);
        return labelled.isEmpty() ? Optional.empty() : Optional.of(StageCalibration.of(labelled));
    }

    private static List<Answer> labelled(List<Answer> answers) {
        return answers.stream().filter(answer -> answer.label().isPresent()).toList();
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
