package org.eegvlm.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PictureSource;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.VqaRequest;
import org.eegvlm.tensor.NpyWriter;

/**
 * Writes what a model computes for each question, so that other implementations can be compared with this one number by
 * number: logits [questions, vocabulary] in fp32 to a {@code .npy} file, token ids as lines of JSON.
 */
public final class Prober {

    private final ProbeConfig config;

    public Prober(ProbeConfig config) {
        this.config = config;
    }

    /**
     * @param lines takes one line of JSON a question, as soon as it is known
     * @throws OutputExistsException if the logits are there already and may not be overwritten
     * @throws MalformedDataException if question file, features and model do not fit each other
     */
    public void run(Consumer<String> lines) throws IOException {
        if (Files.exists(config.logits()) && !config.overwrite()) {
            throw new OutputExistsException(config.logits()); // before a large model is read for nothing
        }
        var questionFile = config.data().questionFile();
        var questions = Json.readLines(questionFile, ProbeQuestion.class);
        if (questions.isEmpty()) {
            throw new MalformedDataException(questionFile, "holds no question");
        }
        var mode = mode();
        var asked = config.model();
        try (var model = LlavaModel.open(asked.path(), asked.base(), asked.load())) {
            var features = features(model, mode, questions);
            var conversation = model.conversation(asked.conversation());
            var output = Output.begin(config.logits(), config.overwrite());
            Files.deleteIfExists(output.partial());
            int words = model.decoder().config().vocabularySize();
            try (var logits = NpyWriter.resume(output.partial(), questions.size(), words)) {
                for (int place = 0; place < questions.size(); place++) {
                    var question = questions.get(place);
                    var request = request(question, row(features, place));
                    var probed = model.probe(request, conversation, mode, config.newTokens());
                    logits.append(probed.logits());
                    lines.accept(
                            Json.line(new ProbeLine(question.questionId(), probed.inputIds(), probed.greedyIds())));
                }
            }
            output.finish();
        }
    }

    private FeatureMode mode() {
        boolean given = config.data().features().isPresent();
        var mode = FeatureMode.named(config.data().featureMode().orElse(given ? "fuse" : "off"));
        if (mode == FeatureMode.ZERO || mode == FeatureMode.SHUFFLE) {
            throw new IllegalArgumentException(
                    "mode %s is no way of injecting features; fuse, token and off are".formatted(mode.label()));
        }
        if (mode.readsRows() && !given) {
            throw new IllegalArgumentException("mode %s needs --features".formatted(mode.label()));
        }
        return mode;
    }

    private Optional<ProbeFeatures> features(LlavaModel model, FeatureMode mode, List<ProbeQuestion> questions)
            throws IOException {
        if (!mode.readsRows()) {
            return Optional.empty();
        }
        var npy = config.data().features().orElseThrow();
        return Optional.of(ProbeFeatures.open(npy, model.config().visionWidth(), questions));
    }

    private static Optional<float[]> row(Optional<ProbeFeatures> features, int place) throws IOException {
        return features.isPresent() ? Optional.of(features.get().row(place)) : Optional.empty();
    }

    private VqaRequest request(ProbeQuestion question, Optional<float[]> row) throws IOException {
        var pictures = new ArrayList<PictureSource>();
        for (var image : question.images()) {
            pictures.add(RgbImage.read(Inside.resolve(imageFolder(question), image)));
        }
        return new VqaRequest(question.id(), pictures, row, question.text());
    }

    private Path imageFolder(ProbeQuestion question) {
        return config.data()
                .imageFolder()
                .orElseThrow(() -> new IllegalArgumentException(
                        "question %s names a picture: tell where it lies with --image-folder"
                                .formatted(question.id())));
    }
}
