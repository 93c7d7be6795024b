package org.eegvlm.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.ClosedSet;
import org.eegvlm.llava.Examiner;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.TowerCache;

/**
 * Asks a LLaVA about pictures, as LLaVA's {@code model_vqa} does: a question file in, an answers file out.
 *
 * <p>Answers are free text, written as the configuration says. The probabilities beside them are those of the five
 * stages as continuations of "The stage is", so they tell how sure the model was even where its text is unreadable.
 */
public final class VqaEvaluator {

    private final VqaConfig config;
    private final Optional<TowerCache> towerCache;
    private final Progress progress;

    public VqaEvaluator(VqaConfig config, Progress progress) {
        this(config, Optional.empty(), progress);
    }

    /** @param towerCache where pictures may be known from an earlier evaluation, or from training */
    public VqaEvaluator(VqaConfig config, Optional<TowerCache> towerCache, Progress progress) {
        this.config = config;
        this.towerCache = towerCache;
        this.progress = progress;
    }

    /** @param checked whether the model tells whom it was trained on, so that leakage could be looked for */
    public record Report(int questions, FeatureMode mode, boolean checked) {}

    /**
     * Asks all questions that an earlier, interrupted run has not.
     *
     * @throws OutputExistsException if the answers are there already and may not be overwritten
     * @throws org.eegvlm.core.manifest.LeakageException if the model or its vision module has seen a subject
     * @throws MalformedDataException if features do not fit the questions or the model
     */
    public Report run() throws IOException {
        var questions = Question.readAll(config.data().questionFile());
        if (questions.isEmpty()) {
            throw new MalformedDataException(config.data().questionFile(), "holds no question");
        }
        if (Files.exists(config.answersFile()) && !config.overwrite()) {
            throw new OutputExistsException(config.answersFile()); // before a large model is read for nothing
        }
        try (var model = LlavaModel.open(
                config.model().path(), config.model().base(), config.model().load())) {
            towerCache.ifPresent(model::remember);
            var card = model.card();
            card.ifPresent(known -> refuseKnownSubjects(known, questions));
            var options = options(model, card);
            var features = features(model, card, options.mode(), questions);
            ask(model, options, features, questions);
            return new Report(questions.size(), options.mode(), card.isPresent());
        }
    }

    private void ask(LlavaModel model, AnswerOptions options, Optional<FeatureRows> features, List<Question> questions)
            throws IOException {
        var settings = VqaSettings.of(config, options);
        var modelId = String.valueOf(config.model().path().getFileName());
        var images = config.data().imageFolder();
        try (var answers = AnswersFile.open(config.answersFile(), settings, config.batch(), config.overwrite());
                var examiner = new Examiner(model, options, features, images, modelId)) {
            for (int from = answers.answered(); from < questions.size(); from += config.batch()) {
                var batch = questions.subList(from, Math.min(questions.size(), from + config.batch()));
                answers.append(examiner.ask(batch));
                progress.at("asking", from + batch.size(), questions.size(), "");
            }
            answers.finish();
        }
    }

    private AnswerOptions options(LlavaModel model, Optional<ModelCard> card) {
        var mode = config.data().featureMode().or(() -> card.map(ModelCard::featureMode));
        return new AnswerOptions(
                model.conversation(config.model().conversation()),
                FeatureMode.named(mode.orElse(FeatureMode.FUSE.label())),
                config.generation(),
                Optional.of(ClosedSet.SLEEP_STAGES));
    }

    private static void refuseKnownSubjects(ModelCard card, List<Question> questions) {
        var subjects = questions.stream().map(Question::subject).distinct().toList();
        LeakageGate.checkEncoder(card.encoderSubjects(), subjects);
        LeakageGate.checkLanguageModel(card.subjects(), subjects);
    }

    private Optional<FeatureRows> features(
            LlavaModel model, Optional<ModelCard> card, FeatureMode mode, List<Question> questions) throws IOException {
        // Only a second picture takes a row: text and single pictures need none.
        var ids = questions.stream()
                .filter(question -> question.images().size() > 1)
                .map(Question::id)
                .toList();
        if (!mode.readsRows() || ids.isEmpty()) {
            return Optional.empty();
        }
        var file = config.data().featureFile();
        var rows = FeatureRows.read(file, model.config().visionWidth(), ids);
        var encoder = rows.sidecar().map(FeatureSidecar::encoder);
        var trainedWith = card.flatMap(ModelCard::encoder);
        if (encoder.isPresent() && trainedWith.isPresent() && !encoder.equals(trainedWith)) {
            throw new MalformedDataException(
                    file, "comes from another vision module than the one the model was trained with");
        }
        return Optional.of(rows.as(mode, config.data().seed()));
    }
}
