package org.eegvlm.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.llama.AnswerObserver;
import org.eegvlm.llama.Ending;
import org.eegvlm.llama.GeneratedAnswer;
import org.eegvlm.llama.Generator;
import org.eegvlm.llama.Prefill;

/**
 * Questions on their way through a model, batch after batch, all asked in the same way.
 *
 * <p>What the prompts of a batch begin with is read once. It is kept for the next batch too, so that a long instruction
 * or examples before the questions cost their time once only. The model must stay open, and as it is, until this is
 * closed. One thread at a time.
 */
public final class Answering implements AutoCloseable {

    /** A pass of its own over the beginning takes about as long as reading so many tokens in a large batch. */
    private static final int WORTH_A_PASS = 128;

    private final LlavaModel model;
    private final boolean lasting;
    private final AnswerOptions options;
    private final PromptTokenizer prompts;
    private final Generator generator;
    /** The closed set's tokens; no candidates where none is asked for. */
    private final int[] start;

    private final List<int[]> candidates;

    /** How many tokens may follow a prompt: an answer, or the longest of the closed set. */
    private final int room;

    private Optional<SharedBeginning> kept = Optional.empty();

    /** @param lasting whether more batches follow, for which the beginning is worth keeping */
    Answering(LlavaModel model, AnswerOptions options, boolean lasting) {
        this.lasting = lasting;
        this.model = model;
        this.options = options;
        this.prompts = new PromptTokenizer(model.tokenizer(), options.conversation());
        this.generator = new Generator(model.decoder(), model.tokenizer()::decode, List.of(prompts.end()));
        var set = options.closedSet();
        this.start = set.map(closed -> prompts.answerStart(closed.start())).orElse(new int[0]);
        this.candidates = set.map(closed -> closed.candidates().stream()
                        .map(candidate -> prompts.continuation(closed.start(), candidate))
                        .toList())
                .orElse(List.of());
        this.room = candidates.stream()
                .mapToInt(candidate -> start.length + candidate.length)
                .reduce(options.generation().maxNewTokens(), Math::max);
    }

    /** Answers a batch; see {@link LlavaModel#answer(List, AnswerOptions)}. */
    public List<VqaAnswer> answers(List<VqaRequest> requests) {
        return answers(requests, AnswerObserver.NONE);
    }

    /** The same, while somebody watches. Cancelling ends an answer with the next token. */
    public List<VqaAnswer> answers(List<VqaRequest> requests, AnswerObserver observer) {
        if (requests.isEmpty()) {
            return List.of();
        }
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (var prompt = read(requests)) {
                var seeds = requests.stream().mapToLong(this::seed).toArray();
                var said = generator.generate(prompt, options.generation(), seeds, observer);
                var probabilities = probabilities(prompt, said);
                return IntStream.range(0, requests.size())
                        .mapToObj(n -> answer(requests.get(n), said.get(n), probabilities.get(n)))
                        .toList();
            }
        }
    }

    @Override
    public void close() {
        kept.ifPresent(SharedBeginning::close);
        kept = Optional.empty();
    }

    private VqaAnswer answer(VqaRequest request, GeneratedAnswer said, List<Double> probabilities) {
        var prompt = prompts.promptText(request.pictures().size(), request.question(), request.context());
        boolean cancelled = said.ending() == Ending.CANCELLED;
        return new VqaAnswer(
                request.id(),
                prompt,
                said.tokens(),
                said.text().strip(),
                said.ending(),
                cancelled ? List.of() : probabilities);
    }

    private Prefill read(List<VqaRequest> requests) {
        var batch = PromptBatch.of(model, prompts, options.mode(), requests, room);
        var layout = batch.layout();
        return read(batch.embeddings(layout), layout.lengths(), SharedBeginning.of(batch.samples()));
    }

    /** @param beginning tokens with which all prompts begin */
    private Prefill read(NDArray embeddings, int[] lengths, int[] beginning) {
        if (known(beginning) < beginning.length && beginning.length * (lengths.length - 1) >= WORTH_A_PASS) {
            var one = embeddings.get("0:1, :" + beginning.length);
            try (var alone = read(one, new int[] {beginning.length}, known(beginning), 0)) {
                keep(beginning, alone);
            }
        }
        int known = known(beginning);
        var prompt = read(embeddings, lengths, known, room);
        if (lasting && known < beginning.length) {
            keep(beginning, prompt);
        }
        return prompt;
    }

    private Prefill read(NDArray embeddings, int[] lengths, int known, int room) {
        if (known == 0) {
            return generator.prefill(embeddings, lengths, room);
        }
        var own = Arrays.stream(lengths).map(length -> length - known).toArray();
        return generator.prefill(kept.orElseThrow().read(), known, embeddings.get(":, " + known + ":"), own, room);
    }

    /** How many of these tokens are kept already. */
    private int known(int[] beginning) {
        return kept.map(shared -> shared.common(beginning)).orElse(0);
    }

    private void keep(int[] tokens, Prefill prompt) {
        var fresh = new SharedBeginning(tokens, prompt.beginning(tokens.length));
        close();
        kept = Optional.of(fresh);
    }

    /** Each question has a chance of its own, the same in every batch. */
    private long seed(VqaRequest request) {
        return options.generation().seed() * 31 + request.id().hashCode();
    }

    private List<List<Double>> probabilities(Prefill prompt, List<GeneratedAnswer> said) {
        if (candidates.isEmpty() || said.stream().allMatch(answer -> answer.ending() == Ending.CANCELLED)) {
            return Collections.nCopies(prompt.rows(), List.of());
        }
        return Arrays.stream(generator.continuationLogProbabilities(prompt, start, candidates))
                .map(Answering::normalised)
                .toList();
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
