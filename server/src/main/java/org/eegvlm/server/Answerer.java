package org.eegvlm.server;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.score.AnswerParser;
import org.eegvlm.core.score.ParsedAnswer;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.ClosedSet;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.VqaAnswer;
import org.eegvlm.llava.VqaRequest;

/** Turns a request into an answer: checks it, draws and encodes what it holds, asks the model. */
final class Answerer implements AutoCloseable {
    private static final String QUESTION = "Which sleep stage does this EEG epoch show, and why?";
    private static final int DEFAULT_NEW_TOKENS = 128;
    private final LlavaModel model;
    private final Optional<WindowEncoder> encoder;
    private final AnswerReply.Model description;
    private final Optional<ModelCard> card;
    private final FeatureMode mode;
    private final ServerConfig.Limits limits;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Semaphore waiting;

    private Answerer(LlavaModel model, Optional<WindowEncoder> encoder, String id, ServerConfig.Limits limits) {
        this.model = model;
        this.encoder = encoder;
        this.limits = limits;
        waiting = new Semaphore(limits.waiting());
        card = model.card();
        mode = FeatureMode.named(card.map(ModelCard::featureMode).orElse(FeatureMode.OFF.label()));
        description = new AnswerReply.Model(
                id,
                mode.label(),
                card.map(ModelCard::simulated),
                card.map(ModelCard::subjects).orElse(List.of()));
    }

    static Answerer open(ServerConfig.Models models, ServerConfig.Limits limits) throws IOException {
        var model = LlavaModel.open(models.path(), models.base(), models.load());
        try {
            if (!model.takesPictures()) {
                throw new IllegalArgumentException(models.path() + " takes no pictures: name a LLaVA");
            }
            var encoder = models.vision().isPresent()
                    ? Optional.of(WindowEncoder.open(
                            models.vision().get(), models.load().deviceName(), model.card()))
                    : Optional.<WindowEncoder>empty();
            return new Answerer(model, encoder, String.valueOf(models.path().getFileName()), limits);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    AnswerReply.Model model() {
        return description;
    }

    /** @throws Refusal if the request is too large or nothing can be made of it */
    AnswerReply answer(AnswerRequest request) {
        var question = question(request);
        var options = options(request);
        var picture = request.image().map(this::decoded);
        var window = request.window().map(given -> SignalWindow.of(given, limits.windowSamples()));
        request.features().ifPresent(this::checkRow);
        if (!waiting.tryAcquire()) {
            throw Refusal.busy();
        }
        turn.lock();
        try {
            var seen = picture.or(() -> window.map(this::drawn))
                    .orElseThrow(() -> Refusal.unfit("send an image, or a window to draw one from"));
            var row = mode.readsRows() ? Optional.of(row(request, window, seen)) : Optional.<float[]>empty();
            return ask(new VqaRequest("request", List.of(seen, seen), row, question), options);
        } finally {
            turn.unlock();
            waiting.release();
        }
    }

    private AnswerReply ask(VqaRequest request, AnswerOptions options) {
        var answer = answered(request, options);
        Optional<String> stage = AnswerParser.parse(answer.text()) instanceof ParsedAnswer.Staged staged
                ? Optional.of(staged.stage().label())
                : Optional.empty();
        return new AnswerReply(answer.text(), stage, answer.stageProbabilities(), description, AnswerReply.NOTICE);
    }

    private VqaAnswer answered(VqaRequest request, AnswerOptions options) {
        try {
            return model.answer(List.of(request), options).get(0);
        } catch (IllegalArgumentException e) {
            // All else is checked by now: the question is longer than the model's window.
            throw Refusal.unfit(String.valueOf(e.getMessage()));
        }
    }

    private String question(AnswerRequest request) {
        var question = request.question().orElse(card.map(ModelCard::question).orElse(QUESTION));
        if (question.length() > limits.questionCharacters()) {
            throw Refusal.tooLarge("a question has at most %d characters".formatted(limits.questionCharacters()));
        }
        if (question.isBlank() || question.contains(Conversation.IMAGE)) {
            throw Refusal.unfit("a question has words, and no %s tag".formatted(Conversation.IMAGE));
        }
        return question;
    }

    private AnswerOptions options(AnswerRequest request) {
        int tokens = request.maxNewTokens().orElse(Math.min(DEFAULT_NEW_TOKENS, limits.newTokens()));
        if (tokens < 1 || tokens > limits.newTokens()) {
            throw Refusal.unfit("max_new_tokens must be in 1..%d, was %d".formatted(limits.newTokens(), tokens));
        }
        return new AnswerOptions(model.conversation(Optional.empty()), mode, tokens)
                .withClosedSet(ClosedSet.SLEEP_STAGES);
    }

    private RgbImage decoded(String base64) {
        try {
            return ClientPicture.decode(Base64.getDecoder().decode(base64), limits.picturePixels());
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("image is not base64");
        }
    }

    private void checkRow(float[] row) {
        int width = model.config().visionWidth();
        if (row.length != width) {
            throw Refusal.unfit("features has %d numbers; the model takes %d".formatted(row.length, width));
        }
        for (int i = 0; i < row.length; i++) {
            if (!Float.isFinite(row[i])) {
                throw Refusal.unfit("feature %d is not a finite number".formatted(i));
            }
        }
    }

    private RgbImage drawn(SignalWindow window) {
        return vision().draw(window);
    }

    /** The row that the client sent; else what the vision module makes of the window, or of the picture. */
    private float[] row(AnswerRequest request, Optional<SignalWindow> window, RgbImage seen) {
        return request.features()
                .orElseGet(() -> vision().row(window.map(this::drawn).orElse(seen)));
    }

    private WindowEncoder vision() {
        return encoder.orElseThrow(() -> Refusal.unfit("this server has no vision module; send image and features"));
    }

    @Override
    public void close() {
        turn.lock();
        try {
            encoder.ifPresent(WindowEncoder::close);
            model.close();
        } finally {
            turn.unlock();
        }
    }
}
