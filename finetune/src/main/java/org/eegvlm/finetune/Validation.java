package org.eegvlm.finetune;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.data.EvaluationData;
import org.eegvlm.finetune.output.LoggedEvaluation;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.Examiner;
import org.eegvlm.llava.LlavaModel;

/**
 * Asks the model in training about people it does not learn from. It answers in its own words, as it will when the
 * training is over, and the answers go through the same scorer.
 */
final class Validation {

    private final LlavaModel model;
    private final AnswerOptions options;
    private final EvaluationData data;
    private final int batchSize;
    private final Progress progress;

    Validation(LlavaModel model, FineTuneConfig config, EvaluationData data, Progress progress) {
        this.model = model;
        this.options = new AnswerOptions(
                config.input().conversation(),
                config.input().featureMode(),
                GenerationOptions.greedy(data.answerTokens()),
                Optional.empty());
        this.data = data;
        this.batchSize = config.evaluation().batchSize();
        this.progress = progress;
    }

    /** @param step after how many steps */
    LoggedEvaluation evaluate(long step) throws IOException {
        var questions = data.questions();
        var answers = new ArrayList<Answer>();
        try (var examiner =
                new Examiner(model, options, data.features(), data.files().images(), "checkpoint-" + step)) {
            for (int from = 0; from < questions.size(); from += batchSize) {
                answers.addAll(examiner.ask(questions.subList(from, Math.min(questions.size(), from + batchSize))));
                progress.at("validating", answers.size(), questions.size(), "");
            }
        }
        return LoggedEvaluation.of(step, Scores.of(answers));
    }
}
