package org.eegvlm.llava;

import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.eegvlm.llama.Generator;
import org.eegvlm.llama.Prefill;

/** One batch of questions on its way through a model. */
final class Answering {

    private final LlavaModel model;
    private final AnswerOptions options;
    private final PromptTokenizer prompts;
    private final Generator generator;

    Answering(LlavaModel model, AnswerOptions options) {
        this.model = model;
        this.options = options;
        this.prompts = new PromptTokenizer(model.tokenizer(), options.conversation());
        this.generator = new Generator(model.decoder());
    }

    List<VqaAnswer> answers(List<VqaRequest> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (var prompt = read(requests)) {
                var tokens = generator.greedy(prompt, options.maxNewTokens());
                var probabilities = probabilities(prompt);
                var answers = new ArrayList<VqaAnswer>();
                for (int n = 0; n < requests.size(); n++) {
                    answers.add(answer(requests.get(n), tokens.get(n), probabilities.get(n)));
                }
                return answers;
            }
        }
    }

    private VqaAnswer answer(VqaRequest request, int[] tokens, List<Double> probabilities) {
        var prompt = prompts.promptText(request.pictures().size(), request.question());
        var text = model.tokenizer().decode(tokens).strip();
        return new VqaAnswer(request.id(), prompt, tokens, text, probabilities);
    }

    private Prefill read(List<VqaRequest> requests) {
        var layout = layout(requests);
        var pictures = layout.pictures().stream()
                .map(slot -> requests.get(slot.sample()).pictures().get(slot.picture()))
                .toList();
        var rows = layout.injected().stream()
                .map(slot -> row(requests.get(slot.sample())))
                .toList();
        var embeddings = model.embed(layout, pictures, rows);
        return generator.prefill(embeddings, layout.lengths(), room());
    }

    private SpliceLayout layout(List<VqaRequest> requests) {
        int positions = model.decoder().config().maxPositions();
        int patches = model.patches();
        var samples = new ArrayList<TokenizedSample>();
        for (var request : requests) {
            var sample = prompts.prompt(request.id(), request.pictures().size(), request.question());
            int length = SpliceLayout.length(sample, options.mode(), patches);
            if (length + room() > positions) {
                throw new IllegalArgumentException(
                        "sample %s: a prompt of %d tokens and an answer of %d exceed the model's %d positions"
                                .formatted(request.id(), length, room(), positions));
            }
            samples.add(sample);
        }
        return SpliceLayout.of(samples, options.mode(), patches, positions);
    }

    private float[] row(VqaRequest request) {
        int width = model.tower().width();
        if (options.mode() == FeatureMode.ZERO) {
            return new float[width];
        }
        var row = request.feature()
                .orElseThrow(() -> new IllegalArgumentException("sample %s has no feature row; mode %s needs one"
                        .formatted(request.id(), options.mode().label())));
        if (row.length != width) {
            throw new IllegalArgumentException("sample %s: a feature row of %d numbers; the model takes %d"
                    .formatted(request.id(), row.length, width));
        }
        return row;
    }

    /** How many tokens may follow a prompt: an answer, or the longest of the closed set. */
    private int room() {
        return options.closedSet().stream()
                .flatMapToInt(set -> set.candidates().stream()
                        .mapToInt(candidate -> start(set).length + candidate(set, candidate).length))
                .reduce(options.maxNewTokens(), Math::max);
    }

    private List<List<Double>> probabilities(Prefill prompt) {
        return options.closedSet()
                .map(set -> Arrays.stream(generator.continuationLogProbabilities(
                                prompt,
                                start(set),
                                set.candidates().stream()
                                        .map(candidate -> candidate(set, candidate))
                                        .toList()))
                        .map(Answering::normalised)
                        .toList())
                .orElseGet(() -> Collections.nCopies(prompt.rows(), List.of()));
    }

    private int[] start(ClosedSet set) {
        return prompts.answerStart(set.start());
    }

    private int[] candidate(ClosedSet set, String candidate) {
        return prompts.continuation(set.start(), candidate);
    }

    /** From log probabilities to shares of their sum. */
    private static List<Double> normalised(double[] logProbabilities) {
        double greatest = Arrays.stream(logProbabilities).max().orElseThrow();
        double sum =
                Arrays.stream(logProbabilities).map(p -> Math.exp(p - greatest)).sum();
        return Arrays.stream(logProbabilities)
                .mapToObj(p -> Math.exp(p - greatest) / sum)
                .toList();
    }
}
