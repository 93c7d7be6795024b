package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes and weighs continuations of prompts, many at a time.
 *
 * <p>Prompts come as embeddings [B, T, H], padded on the right, so that pictures may stand among the words. A row's
 * result does not depend on the rows beside it, but for the last bits of floating point.
 *
 * <pre>{@code
 * try (var prompt = generator.prefill(embeddings, lengths, 64)) {
 *     List<GeneratedAnswer> answers = generator.generate(prompt, GenerationOptions.greedy(64));
 *     double[][] logP = generator.continuationLogProbabilities(prompt, prefix, candidates);
 * }
 * }</pre>
 */
public final class Generator {

    private final LlamaDecoder decoder;
    private final Detokenizer detokenizer;
    private final List<Integer> ends;

    /**
     * @param decoder stays the caller's
     * @param detokenizer makes the text of answers, in which stop strings are looked for
     * @param ends tokens that end an answer besides those of the decoder's configuration
     */
    public Generator(LlamaDecoder decoder, Detokenizer detokenizer, List<Integer> ends) {
        this.decoder = decoder;
        this.detokenizer = detokenizer;
        this.ends = Stream.concat(decoder.config().tokens().end().stream(), ends.stream())
                .distinct()
                .toList();
    }

    /** For token ids alone: answers have no text, and stop strings never come. */
    public Generator(LlamaDecoder decoder) {
        this(decoder, ids -> "", List.of());
    }

    /**
     * Reads the prompts.
     *
     * @param embeddings [B, T, H]
     * @param lengths of the prompts, each in 1..T
     * @param room how many tokens may follow
     * @throws IllegalArgumentException if prompt and room are longer than the model's positions
     */
    public Prefill prefill(NDArray embeddings, int[] lengths, int room) {
        return read(0, embeddings, lengths, room, cache -> {});
    }

    /**
     * Reads prompts that all begin with the same tokens, which were read before. The result is that of reading them
     * whole, but for the last bits of floating point.
     *
     * @param shared how many tokens of the beginning these prompts begin with
     * @param embeddings of what follows them [B, T, H]
     * @param lengths of what follows them, each in 1..T
     */
    public Prefill prefill(PromptBeginning beginning, int shared, NDArray embeddings, int[] lengths, int room) {
        require(
                1 <= shared && shared <= beginning.tokens(),
                "a beginning of %d tokens has no %d to share".formatted(beginning.tokens(), shared));
        var kernels = GenerationKernels.on(decoder.kernels().device());
        return read(shared, embeddings, lengths, room, cache -> cache.beginWith(kernels, beginning.cache(), shared));
    }

    /** The likeliest tokens after each prompt, without the end token. */
    public List<int[]> greedy(NDArray embeddings, int[] lengths, int maxNewTokens) {
        try (var prompt = prefill(embeddings, lengths, maxNewTokens)) {
            return generate(prompt, GenerationOptions.greedy(maxNewTokens)).stream()
                    .map(GeneratedAnswer::tokens)
                    .toList();
        }
    }

    /** Answers every prompt; the same prompt gets the same answer wherever it stands in a batch. */
    public List<GeneratedAnswer> generate(Prefill prompt, GenerationOptions options) {
        var seeds = new long[prompt.rows()];
        Arrays.fill(seeds, options.seed());
        return generate(prompt, options, seeds, AnswerObserver.NONE);
    }

    /**
     * Answers every prompt, each until something ends its answer.
     *
     * @param seeds for each row its own, where tokens are drawn by chance; they take the place of the options' seed
     * @throws IllegalArgumentException if the prompts left less room than the longest answer needs
     */
    public List<GeneratedAnswer> generate(
            Prefill prompt, GenerationOptions options, long[] seeds, AnswerObserver observer) {
        prompt.requireRoom(options.maxNewTokens());
        require(seeds.length == prompt.rows(), "%d seeds for %d prompts".formatted(seeds.length, prompt.rows()));
        var answers = IntStream.range(0, prompt.rows())
                .mapToObj(row -> new GrowingAnswer(row, ends, options, detokenizer, observer))
                .toList();
        if (options.beams() > 1) {
            new BeamSearch(decoder, ends, detokenizer, options, observer).write(prompt, answers);
        } else {
            write(prompt, TokenChoice.of(options, seeds), answers);
        }
        return answers.stream().map(GrowingAnswer::answer).toList();
    }

    /**
     * How likely each candidate is to follow a prompt and a forced prefix. What several candidates begin with is
     * computed once.
     *
     * @param prefix token ids that every row is made to say first; may be empty
     * @param candidates token ids of each continuation, none empty
     * @return log p of [prompt][candidate], in nats, summed over the candidate's tokens
     */
    public double[][] continuationLogProbabilities(Prefill prompt, int[] prefix, List<int[]> candidates) {
        require(candidates.stream().allMatch(candidate -> candidate.length > 0), "a candidate must have a token");
        return new CandidateWeights(decoder, prompt, prefix, candidates).logProbabilities();
    }

    /** @param fill writes the keys and values of the tokens before these into the cache */
    private Prefill read(int before, NDArray embeddings, int[] lengths, int room, Consumer<KvCache> fill) {
        int rows = (int) embeddings.getShape().get(0);
        int longest = (int) embeddings.getShape().get(1);
        require(lengths.length == rows, "%d lengths for %d prompts".formatted(lengths.length, rows));
        require(
                Arrays.stream(lengths).allMatch(length -> 1 <= length && length <= longest),
                "prompt lengths must be in 1..%d, were %s".formatted(longest, Arrays.toString(lengths)));
        int end = before + longest;
        int maxPositions = decoder.config().maxPositions();
        require(
                end + room <= maxPositions,
                "a prompt of %d tokens and %d more exceed the model's %d positions".formatted(end, room, maxPositions));
        var cache = decoder.cache(rows, end + room);
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            fill.accept(cache);
            var starts = new long[rows];
            Arrays.fill(starts, before);
            var lastTokens =
                    Arrays.stream(lengths).mapToLong(length -> length - 1).toArray();
            var last = decoder.extendToLast(embeddings, starts, lastTokens, cache);
            NDScope.unregister(last);
            var all = Arrays.stream(lengths).map(length -> before + length).toArray();
            return new Prefill(decoder, cache, all, room, last);
        } catch (RuntimeException e) {
            cache.close();
            throw e;
        }
    }

    private void write(Prefill prompt, TokenChoice choice, List<GrowingAnswer> answers) {
        long[] next = choose(choice, prompt.last());
        for (int said = 0; append(next, answers); said++) {
            try (var scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                next = choose(choice, prompt.say(next, said).squeeze(1));
            }
        }
    }

    private long[] choose(TokenChoice choice, NDArray outputs) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return choice.next(decoder.logits(outputs));
        }
    }

    /** Adds each row's token; returns whether a row goes on. */
    private static boolean append(long[] tokens, List<GrowingAnswer> answers) {
        boolean goesOn = false;
        for (int row = 0; row < tokens.length; row++) {
            goesOn |= answers.get(row).append((int) tokens[row]);
        }
        return goesOn;
    }
}
