package org.eegvlm.finetune.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.score.AnswerParser;
import org.eegvlm.core.score.ParsedAnswer;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.SpliceLayout;

/**
 * What a run is asked about while it goes on, checked whole before the first step. Each sample gives a question, its last
 * one: what stands before that in the conversation stays, and so does the sample's system text.
 *
 * @param features of the samples that take a row; empty where none does
 * @param pictures all of them, each once
 * @param answerTokens how long an answer may get
 */
public record EvaluationData(
        SampleFiles files,
        List<Question> questions,
        Optional<FeatureRows> features,
        List<String> pictures,
        int answerTokens) {

    /** An answer may be a little longer than all that were taught. */
    private static final int SPARE_TOKENS = 8;

    public EvaluationData {
        questions = List.copyOf(questions);
        pictures = List.copyOf(pictures);
    }

    /**
     * @param learnt what the model is trained on
     * @return nothing where the run does not evaluate
     * @throws LeakageException if somebody is both learnt from and asked about, or was seen by
     *     the vision module
     * @throws MalformedDataException if a sample's last answer names no stage, or is too long for the model
     */
    public static Optional<EvaluationData> read(FineTuneConfig config, PromptTokenizer prompts, TrainingData learnt)
            throws IOException {
        if (config.evaluation().interval().equals(Interval.NEVER)) {
            return Optional.empty();
        }
        var set = SampleSet.read(config.evaluation().samples().orElseThrow(), prompts, learnt.limits());
        var mode = config.input().featureMode();
        var features = set.rows(
                mode, learnt.limits().featureWidth(), config.execution().seed());
        refuseKnown(set, learnt.samples(), features);
        var questions = new ArrayList<Question>();
        for (var sample : set.samples()) {
            questions.add(question(sample, set.files()));
        }
        return Optional.of(new EvaluationData(
                set.files(), questions, features, set.pictures(), answerTokens(set, questions, prompts, learnt)));
    }

    /** How many questions an answer is given to with a feature row. */
    public long withRows() {
        return features.isEmpty()
                ? 0
                : questions.stream()
                        .filter(question -> question.images().size() > 1)
                        .count();
    }

    private static void refuseKnown(SampleSet set, List<InstructionSample> learnt, Optional<FeatureRows> features) {
        var asked = set.samples();
        LeakageGate.checkLanguageModel(subjects(learnt), subjects(asked));
        features.flatMap(FeatureRows::sidecar)
                .map(FeatureSidecar::trainedOnSubjects)
                .ifPresent(seen -> LeakageGate.checkEncoder(seen, subjects(asked)));
        var ids = new HashSet<>(asked.stream().map(InstructionSample::id).toList());
        learnt.stream()
                .map(InstructionSample::id)
                .filter(ids::contains)
                .findFirst()
                .ifPresent(id -> {
                    throw new LeakageException(
                            "%s: sample %s is both learnt and asked about; take it out of one of them"
                                    .formatted(set.files().data(), id));
                });
    }

    private static List<String> subjects(List<InstructionSample> samples) {
        return samples.stream()
                .flatMap(sample -> sample.subject().stream())
                .distinct()
                .toList();
    }

    /** The sample with its last answer taken away, to be compared with what the model says. */
    private static Question question(InstructionSample sample, SampleFiles files) throws IOException {
        var turns = sample.conversations().stream()
                .dropWhile(turn -> !turn.from().equals(Turn.HUMAN))
                .toList();
        int asked = turns.size() - 2;
        return new Question(
                sample.id(),
                sample.images(),
                turns.get(asked).value(),
                Optional.of(stage(turns.get(asked + 1).value(), sample, files)),
                sample.subject().orElse(""),
                "",
                0,
                Optional.empty(),
                sample.simulated(),
                sample.system(),
                turns.subList(0, asked));
    }

    private static SleepStage stage(String answer, InstructionSample sample, SampleFiles files) throws IOException {
        if (AnswerParser.parse(answer) instanceof ParsedAnswer.Staged staged) {
            return staged.stage();
        }
        throw new MalformedDataException(
                files.data(), "sample " + sample.id(), "its answer names no stage, so answers cannot be scored");
    }

    /** So many that every taught answer has room, for which every prompt must leave room. */
    private static int answerTokens(
            SampleSet set, List<Question> questions, PromptTokenizer prompts, TrainingData learnt) throws IOException {
        int longestAnswer = 0;
        int longestPrompt = 0;
        var longest = "";
        for (int i = 0; i < questions.size(); i++) {
            var question = questions.get(i);
            var prompt = prompts.prompt(question.id(), question.images().size(), question.text(), question.context());
            longestAnswer = Math.max(longestAnswer, set.tokens().get(i).ids().length - prompt.ids().length);
            int length =
                    SpliceLayout.length(prompt, learnt.mode(), learnt.limits().patches());
            if (length > longestPrompt) {
                longestPrompt = length;
                longest = question.id();
            }
        }
        int room = longestAnswer + SPARE_TOKENS;
        int positions = learnt.limits().positions();
        if (longestPrompt + room > positions) {
            throw new MalformedDataException(
                    set.files().data(),
                    "sample " + longest,
                    "a prompt of %d tokens and an answer of %d exceed the model's %d positions; shorten it"
                            .formatted(longestPrompt, room, positions));
        }
        return room;
    }
}
