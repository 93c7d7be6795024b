package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eegvlm.kernels.Kernels;

/**
 * How likely each of some continuations is.
 *
 * <p>The candidates are a tree of tokens, walked depth first: at each node one pass weighs all tokens that can follow.
 * " N1", " N2" and " N3" share their first token, and a candidate of one token needs no pass at all.
 */
final class CandidateWeights {

    private final LlamaDecoder decoder;
    private final Prefill prompt;
    private final int[] prefix;
    private final List<int[]> candidates;
    private final double[][] sums;

    CandidateWeights(LlamaDecoder decoder, Prefill prompt, int[] prefix, List<int[]> candidates) {
        this.decoder = decoder;
        this.prompt = prompt;
        this.prefix = prefix;
        this.candidates = candidates;
        this.sums = new double[prompt.rows()][candidates.size()];
    }

    /** log p of [prompt][candidate], in nats. */
    double[][] logProbabilities() {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var before = prefix.length == 0
                    ? prompt.last()
                    : prompt.say(everyRow(prefix), 0).get(":, -1");
            weigh(before, 0, IntStream.range(0, candidates.size()).boxed().toList());
        }
        return sums;
    }

    /**
     * @param outputs [B, H] of the token before
     * @param depth how many tokens these candidates have in common
     */
    private void weigh(NDArray outputs, int depth, List<Integer> alike) {
        var byToken = new TreeMap<Integer, List<Integer>>();
        alike.stream()
                .filter(c -> depth < candidates.get(c).length)
                .forEach(c -> byToken.computeIfAbsent(candidates.get(c)[depth], token -> new ArrayList<>())
                        .add(c));
        if (byToken.isEmpty()) {
            return;
        }
        add(outputs, List.copyOf(byToken.keySet()), List.copyOf(byToken.values()));
        byToken.forEach((token, next) -> {
            if (next.stream().anyMatch(c -> depth + 1 < candidates.get(c).length)) {
                try (var scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    var said = prompt.say(everyRow(new int[] {token}), prefix.length + depth);
                    weigh(said.squeeze(1), depth + 1, next);
                }
            }
        });
    }

    /** Adds each token's log p to the candidates that go on with it. */
    private void add(NDArray outputs, List<Integer> tokens, List<List<Integer>> groups) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var logits = decoder.logits(outputs);
            Kernels kernels = GenerationKernels.on(logits.getDevice());
            var ids = tokens.stream().mapToLong(Integer::longValue).toArray();
            var wanted = kernels.manager().create(ids, new Shape(ids.length));
            var logP = kernels.tensor("log_probabilities", logits, wanted).toFloatArray();
            for (int row = 0; row < sums.length; row++) {
                for (int t = 0; t < ids.length; t++) {
                    for (int c : groups.get(t)) {
                        sums[row][c] += logP[row * ids.length + t];
                    }
                }
            }
        }
    }

    private long[] everyRow(int[] tokens) {
        return IntStream.range(0, prompt.rows() * tokens.length)
                .mapToLong(i -> tokens[i % tokens.length])
                .toArray();
    }
}
