package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Follows several beginnings of each answer at once and keeps the one whose tokens are likeliest in the mean. Prompts end
 * by themselves: where transformers goes on with all prompts of a batch until the last is done, here each gets the answer
 * it gets alone.
 */
final class BeamSearch {

    private final LlamaDecoder decoder;
    private final GenerationOptions options;
    private final AnswerObserver observer;
    private final Predicate<List<Integer>> ended;
    private final int beams;
    private final int keep;

    BeamSearch(
            LlamaDecoder decoder,
            List<Integer> ends,
            Detokenizer detokenizer,
            GenerationOptions options,
            AnswerObserver observer) {
        this.decoder = decoder;
        this.options = options;
        this.observer = observer;
        this.beams = options.beams();
        this.ended = tokens -> ends.contains(tokens.get(tokens.size() - 1)) || stops(detokenizer, tokens);
        // So many that enough are left when every beam can end with each of the end tokens.
        this.keep = Math.max(2, 1 + ends.size()) * beams;
    }

    /** Searches; then each answer is told token by token. */
    void write(Prefill prompt, List<GrowingAnswer> answers) {
        var searched = IntStream.range(0, prompt.rows())
                .mapToObj(row -> new Beams(beams, options.maxNewTokens(), ended))
                .toList();
        try (var wide = prompt.repeated(beams)) {
            var parents = advance(searched, wide.last());
            for (int said = 0; goesOn(searched); said++) {
                wide.reorder(parents, said);
                parents = step(searched, wide, said);
            }
        }
        for (int row = 0; row < answers.size(); row++) {
            var answer = answers.get(row);
            searched.get(row).best().forEach(answer::append);
            answer.end(Ending.CANCELLED); // which alone leaves it without an end
        }
    }

    private boolean goesOn(List<Beams> searched) {
        return IntStream.range(0, searched.size())
                .anyMatch(row -> !searched.get(row).done() && !observer.cancelled(row));
    }

    private long[] step(List<Beams> searched, Prefill wide, int said) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var tokens = IntStream.range(0, searched.size() * beams)
                    .mapToLong(row -> searched.get(row / beams).lastToken(row % beams))
                    .toArray();
            return advance(searched, wide.say(tokens, said).squeeze(1));
        }
    }

    /** Chooses the next token of every beam; returns the row that each was before. */
    private long[] advance(List<Beams> searched, NDArray outputs) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var logits = decoder.logits(outputs);
            var kernels = GenerationKernels.on(logits.getDevice());
            int words = decoder.config().vocabularySize();
            var scores = new float[searched.size() * beams];
            for (int row = 0; row < scores.length; row++) {
                scores[row] = searched.get(row / beams).score(row % beams);
            }
            var running = kernels.manager().create(scores, new Shape(scores.length));
            int kept = Math.min(keep, beams * words);
            var best = kernels.tensors("best_continuations", logits, running, beams, kept);
            var values = best.get(0).toFloatArray();
            var numbers = best.get(1).toLongArray();
            var parents = new long[scores.length];
            for (int item = 0; item < searched.size(); item++) {
                int first = item * kept;
                if (!searched.get(item).done()) {
                    Sampler.requireNumber(values[first]);
                }
                var continuations = IntStream.range(first, first + kept)
                        .mapToObj(i -> new Beams.Continuation(
                                (int) (numbers[i] / words), (int) (numbers[i] % words), values[i]))
                        .toList();
                var from = searched.get(item).done()
                        ? identity()
                        : searched.get(item).advance(continuations);
                for (int beam = 0; beam < beams; beam++) {
                    parents[item * beams + beam] = (long) item * beams + from[beam];
                }
            }
            return parents;
        }
    }

    private int[] identity() {
        return IntStream.range(0, beams).toArray();
    }

    private boolean stops(Detokenizer detokenizer, List<Integer> tokens) {
        if (options.stops().isEmpty()) {
            return false;
        }
        var text =
                detokenizer.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
        return options.stops().stream().anyMatch(text::contains);
    }
}
