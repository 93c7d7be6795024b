package org.eegvlm.finetune;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.AnswerParser;
import org.eegvlm.core.score.ParsedAnswer;
import org.eegvlm.core.score.Scores;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.Examiner;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.TokenizedSample;

/**
 * Asks the model in training about people it does not learn from. It answers in its own words, as it will when the
 * training is over, and the answers go through the same scorer.
 */
final class Validation {

    /** An answer may be a little longer than all that were taught. */
    private static final int SPARE_TOKENS = 8;

    private final LlavaModel model;
    private final AnswerOptions options;
    private final Optional<FeatureRows> features;
    private final SampleFiles files;
    private final List<Question> questions;
    private final int batchSize;
    private final Progress progress;

    private Validation(
            LlavaModel model,
            AnswerOptions options,
            Optional<FeatureRows> features,
            SampleFiles files,
            List<Question> questions,
            int batchSize,
            Progress progress) {
        this.model = model;
        this.options = options;
        this.features = features;
        this.files = files;
        this.questions = questions;
        this.batchSize = batchSize;
        this.progress = progress;
    }

    /**
     * @param learnt what the model is trained on
     * @return nothing where the run does not evaluate
     * @throws org.eegvlm.core.manifest.LeakageException if somebody is both learnt from and asked about, or was seen by
     *     the vision module
     * @throws MalformedDataException if a sample's taught answer names no stage
     */
    static Optional<Validation> of(FineTuneConfig config, LlavaModel model, TrainingData learnt, Progress progress)
            throws IOException {
        if (config.evaluation().interval().equals(Interval.NEVER)) {
            return Optional.empty();
        }
        var files = config.evaluation().samples().orElseThrow();
        var samples = InstructionSample.readAll(files.data());
        if (samples.isEmpty()) {
            throw new MalformedDataException(files.data(), "holds no sample");
        }
        var features = features(config, model, files);
        refuseKnown(samples, learnt, features);
        var prompts = new PromptTokenizer(model.tokenizer(), config.input().conversation());
        var questions = new ArrayList<Question>();
        int longest = 0;
        for (var sample : samples) {
            questions.add(question(sample, files));
            longest = Math.max(longest, supervised(prompts.sample(sample, files.data())));
        }
        var options = new AnswerOptions(
                config.input().conversation(),
                config.input().featureMode(),
                GenerationOptions.greedy(longest + SPARE_TOKENS),
                Optional.empty());
        return Optional.of(new Validation(
                model, options, features, files, questions, config.evaluation().batchSize(), progress));
    }

    /** @param step after how many steps */
    LoggedEvaluation evaluate(long step) throws IOException {
        var answers = new ArrayList<Answer>();
        try (var examiner = new Examiner(model, options, features, files.images(), "checkpoint-" + step)) {
            for (int from = 0; from < questions.size(); from += batchSize) {
                answers.addAll(examiner.ask(questions.subList(from, Math.min(questions.size(), from + batchSize))));
                progress.at("validating", answers.size(), questions.size(), "");
            }
        }
        return LoggedEvaluation.of(step, Scores.of(answers));
    }

    private static Optional<FeatureRows> features(FineTuneConfig config, LlavaModel model, SampleFiles files)
            throws IOException {
        var mode = config.input().featureMode();
        if (!mode.readsRows()) {
            return Optional.empty();
        }
        var rows =
                FeatureRows.read(files.features().orElseThrow(), model.config().visionWidth());
        return Optional.of(rows.as(mode, config.execution().seed()));
    }

    private static void refuseKnown(
            List<InstructionSample> samples, TrainingData learnt, Optional<FeatureRows> features) {
        var asked = subjects(samples);
        LeakageGate.checkLanguageModel(subjects(learnt.samples()), asked);
        features.flatMap(FeatureRows::sidecar)
                .ifPresent(sidecar -> LeakageGate.checkEncoder(sidecar.trainedOnSubjects(), asked));
        var ids = new HashSet<>(samples.stream().map(InstructionSample::id).toList());
        learnt.samples().stream()
                .map(InstructionSample::id)
                .filter(ids::contains)
                .findFirst()
                .ifPresent(id -> {
                    throw new IllegalArgumentException("sample %s is both learnt and asked about".formatted(id));
                });
    }

    private static List<String> subjects(List<InstructionSample> samples) {
        return samples.stream()
                .flatMap(sample -> sample.subject().stream())
                .distinct()
                .toList();
    }

    /** The sample with its answer taken away, to be compared with what the model says. */
    private static Question question(InstructionSample sample, SampleFiles files) throws IOException {
        return new Question(
                sample.id(),
                sample.images(),
                said(sample, Turn.HUMAN).replace(Conversation.IMAGE, "").strip(),
                Optional.of(stage(sample, files)),
                sample.subject().orElse(""),
                "",
                0,
                Optional.empty(),
                sample.simulated());
    }

    private static SleepStage stage(InstructionSample sample, SampleFiles files) throws IOException {
        if (AnswerParser.parse(said(sample, Turn.GPT)) instanceof ParsedAnswer.Staged staged) {
            return staged.stage();
        }
        throw new MalformedDataException(
                files.data(), "sample " + sample.id(), "its answer names no stage, so answers cannot be scored");
    }

    private static String said(InstructionSample sample, String who) {
        return sample.conversations().stream()
                .filter(turn -> turn.from().equals(who))
                .map(Turn::value)
                .findFirst()
                .orElse("");
    }

    private static int supervised(TokenizedSample sample) {
        return (int) Arrays.stream(sample.labels())
                .filter(label -> label != TokenizedSample.IGNORED)
                .count();
    }
}
