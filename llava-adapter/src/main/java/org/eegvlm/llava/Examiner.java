package org.eegvlm.llava;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.AnswerId;

/**
 * Puts the questions of a question file to a model and takes its answers down as an answers file has them: the same for
 * an evaluation of its own and for one between two steps of a training.
 *
 * <p>The model must stay open, and as it is, until this is closed.
 */
public final class Examiner implements AutoCloseable {

    private final Answering answering;
    private final Optional<FeatureRows> features;
    private final Path imageFolder;
    private final String modelId;

    /**
     * @param features rows by the questions' ids, where the mode reads some
     * @param imageFolder that the questions' pictures start from
     * @param modelId under which the answers are known
     */
    public Examiner(
            LlavaModel model, AnswerOptions options, Optional<FeatureRows> features, Path imageFolder, String modelId) {
        this.answering = model.answering(options);
        this.features = features;
        this.imageFolder = imageFolder;
        this.modelId = modelId;
    }

    /** The answers to questions that are asked together. */
    public List<Answer> ask(List<Question> questions) throws IOException {
        var requests = new ArrayList<VqaRequest>();
        for (var question : questions) {
            requests.add(new VqaRequest(
                    question.id(), pictures(question), row(question), question.text(), question.context()));
        }
        var said = said(requests);
        var answers = new ArrayList<Answer>();
        for (int i = 0; i < questions.size(); i++) {
            answers.add(answer(questions.get(i), said.get(i)));
        }
        return answers;
    }

    @Override
    public void close() {
        answering.close();
    }

    /** Only a second picture gives way to a row: text and single pictures have none. */
    private Optional<float[]> row(Question question) {
        return features.filter(rows -> question.images().size() > 1).map(rows -> rows.row(question.id()));
    }

    private List<PictureSource> pictures(Question question) throws IOException {
        var pictures = new ArrayList<PictureSource>();
        for (var image : question.images()) {
            pictures.add(PictureFile.at(Inside.resolve(imageFolder, image)));
        }
        return pictures;
    }

    private List<VqaAnswer> said(List<VqaRequest> requests) throws IOException {
        try {
            return answering.answers(requests);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Answer answer(Question question, VqaAnswer said) {
        return new Answer(
                question.id(),
                question.text(),
                said.text(),
                question.label(),
                AnswerId.of(question.id(), modelId),
                modelId,
                new Answer.Metadata(
                        question.subject(),
                        question.night(),
                        question.epoch(),
                        question.epochSeconds(),
                        question.simulated(),
                        question.images().stream().findFirst(),
                        said.probabilities().isEmpty() ? Optional.empty() : Optional.of(said.stageProbabilities())));
    }
}
