package org.eegvlm.llama;

import static org.eegvlm.llama.Preconditions.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes and weighs continuations of prompts, many at a time.
 *
 * <p>Prompts come as embeddings [B, T, H], padded on the right, so that pictures may stand among the words. A row's
 * result does not depend on the rows beside it, but for the last bits of floating point.
 *
 * <pre>{@code
 * try (var prompt = generator.prefill(embeddings, lengths, 64)) {
 *     List<int[]> answers = generator.greedy(prompt, 64);
 *     double[][] logP = generator.continuationLogProbabilities(prompt, prefix, candidates);
 * }
 * }</pre>
 */
public final class Generator {

    private final LlamaDecoder decoder;

    /** The decoder stays the caller's. */
    public Generator(LlamaDecoder decoder) {
        this.decoder = decoder;
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
        int rows = (int) embeddings.getShape().get(0);
        int longest = (int) embeddings.getShape().get(1);
        require(lengths.length == rows, "%d lengths for %d prompts".formatted(lengths.length, rows));
        require(
                Arrays.stream(lengths).allMatch(length -> 1 <= length && length <= longest),
                "prompt lengths must be in 1..%d, were %s".formatted(longest, Arrays.toString(lengths)));
        int maxPositions = decoder.config().maxPositions();
        require(
                longest + room <= maxPositions,
                "a prompt of %d tokens and %d more exceed the model's %d positions"
                        .formatted(longest, room, maxPositions));
        var cache = decoder.cache(rows, longest + room);
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var output = decoder.extend(embeddings, new long[rows], cache);
            var lastTokens =
                    Arrays.stream(lengths).mapToLong(length -> length - 1).toArray();
            var last = decoder.kernels().tensor("at", output, tensor(lastTokens, rows));
            NDScope.unregister(last);
            return new Prefill(cache, lengths, room, last);
        } catch (RuntimeException e) {
            cache.close();
            throw e;
        }
    }

    /** {@link #prefill} and {@link #greedy(Prefill, int)} in one. */
    public List<int[]> greedy(NDArray embeddings, int[] lengths, int maxNewTokens) {
        try (var prompt = prefill(embeddings, lengths, maxNewTokens)) {
            return greedy(prompt, maxNewTokens);
        }
    }

    /**
     * The most likely token after token, for each prompt until an end token.
     *
     * @return the new tokens of each row, without the end token
     */
    public List<int[]> greedy(Prefill prompt, int maxNewTokens) {
        prompt.requireRoom(maxNewTokens);
        var answers = IntStream.range(0, prompt.rows())
                .mapToObj(row -> new Answer(new ArrayList<>()))
                .toList();
        var finished = new boolean[prompt.rows()];
        try (var all = new NDScope()) {
            all.suppressNotUsedWarning();
            long[] next = mostLikely(prompt.last());
            for (int made = 0; append(next, answers, finished) && made + 1 < maxNewTokens; made++) {
                next = step(prompt, next, made);
            }
        }
        return answers.stream().map(Answer::ids).toList();
    }

    /**
     * How likely each candidate is to follow a prompt and a forced prefix.
     *
     * @param prefix token ids that every row is made to say first; may be empty
     * @param candidates token ids of each continuation, none empty
     * @return log p of [prompt][candidate], in nats, summed over the candidate's tokens
     */
    public double[][] continuationLogProbabilities(Prefill prompt, int[] prefix, List<int[]> candidates) {
        require(candidates.stream().allMatch(candidate -> candidate.length > 0), "a candidate must have a token");
        var result = new double[prompt.rows()][candidates.size()];
        try (var all = new NDScope()) {
            all.suppressNotUsedWarning();
            var before = prompt.last().expandDims(1);
            if (prefix.length > 0) {
                before = say(prompt, prefix, 0).get(":, -1:");
            }
            for (int c = 0; c < candidates.size(); c++) {
                var logP = logProbability(prompt, before, prefix.length, candidates.get(c));
                for (int row = 0; row < result.length; row++) {
                    result[row][c] = logP[row];
                }
            }
        }
        return result;
    }

    /** @param before the output [B, 1, H] from which the candidate's first token is told */
    private float[] logProbability(Prefill prompt, NDArray before, int offset, int[] candidate) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var outputs = before;
            if (candidate.length > 1) {
                var said = Arrays.copyOf(candidate, candidate.length - 1);
                outputs = before.concat(say(prompt, said, offset), 1);
            }
            var targets = tensor(everyRow(candidate, prompt.rows()), prompt.rows(), candidate.length);
            return decoder.logProbability(outputs, targets).toFloatArray();
        }
    }

    /** Outputs [B, n, H] for n tokens that stand {@code offset} behind every prompt. */
    private NDArray say(Prefill prompt, int[] tokens, int offset) {
        return extend(prompt, everyRow(tokens, prompt.rows()), offset, tokens.length);
    }

    private long[] step(Prefill prompt, long[] tokens, int offset) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return mostLikely(extend(prompt, tokens, offset, 1).squeeze(1));
        }
    }

    private NDArray extend(Prefill prompt, long[] tokens, int offset, int count) {
        prompt.requireRoom(offset + count);
        var x = decoder.embed(tensor(tokens, prompt.rows(), count));
        return decoder.extend(x, prompt.starts(offset), prompt.cache());
    }

    private long[] mostLikely(NDArray outputs) {
        return decoder.logits(outputs).argMax(-1).toLongArray();
    }

    /** Adds each row's token; returns whether a row goes on. */
    private boolean append(long[] tokens, List<Answer> answers, boolean[] finished) {
        boolean goesOn = false;
        for (int row = 0; row < tokens.length; row++) {
            int token = (int) tokens[row];
            finished[row] |= decoder.config().tokens().end().contains(token);
            if (!finished[row]) {
                answers.get(row).tokens().add(token);
                goesOn = true;
            }
        }
        return goesOn;
    }

    private NDArray tensor(long[] values, long... shape) {
        return decoder.kernels().manager().create(values, new Shape(shape));
    }

    private static long[] everyRow(int[] tokens, int rows) {
        var repeated = new long[rows * tokens.length];
        Arrays.setAll(repeated, i -> tokens[i % tokens.length]);
        return repeated;
    }

    private record Answer(List<Integer> tokens) {

        int[] ids() {
            return tokens.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
