package org.eegvlm.llama;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * The beams of one prompt, with the rules of transformers' beam search: length penalty 1 (the mean log p of an answer's
 * tokens decides), no early stopping, sums in float32.
 */
final class Beams {

    /** What a beam that has ended loses, so that it goes on only where nothing else can. */
    private static final float ENDED = -1e9f;

    /** @param score log p of all tokens while it runs, their mean once it has ended */
    private record Beam(List<Integer> tokens, float score) {}

    private final int beams;
    private final int maxNewTokens;
    private final Predicate<List<Integer>> ended;
    private List<Beam> running;
    private List<Beam> finished = List.of();
    private boolean done;

    /** @param ended whether nothing can follow these tokens */
    Beams(int beams, int maxNewTokens, Predicate<List<Integer>> ended) {
        this.beams = beams;
        this.maxNewTokens = maxNewTokens;
        this.ended = ended;
        // All begin alike: only the first may go on, or every beam would say the same.
        running = new ArrayList<>(Collections.nCopies(beams, new Beam(List.of(), ENDED)));
        running.set(0, new Beam(List.of(), 0));
    }

    /** One way to go on. */
    record Continuation(int beam, int token, float score) {}

    /**
     * Goes on.
     *
     * @param best continuations of all running beams, best first
     * @return for each running beam, which one it was before
     */
    int[] advance(List<Continuation> best) {
        var going = new ArrayList<Continuation>();
        var over = new ArrayList<Continuation>();
        var ending = new ArrayList<>(finished);
        for (int i = 0; i < best.size(); i++) {
            var tokens = tokens(best.get(i));
            if (tokens.size() < maxNewTokens && !ended.test(tokens)) {
                going.add(best.get(i));
                continue;
            }
            over.add(new Continuation(
                    best.get(i).beam(), best.get(i).token(), best.get(i).score() + ENDED));
            if (i < beams) {
                ending.add(new Beam(tokens, best.get(i).score() / tokens.size()));
            }
        }
        boolean deadEnd = going.isEmpty();
        ending.sort(comparingDouble(Beam::score).reversed());
        finished = List.copyOf(ending.subList(0, Math.min(beams, ending.size())));
        going.addAll(over);
        var chosen = going.subList(0, beams);
        running = chosen.stream()
                .map(next -> new Beam(tokens(next), next.score()))
                .toList();
        done = deadEnd || (finished.size() == beams && !canImprove());
        return chosen.stream().mapToInt(Continuation::beam).toArray();
    }

    /** Whether no running beam can do better than the finished ones. */
    boolean done() {
        return done;
    }

    /** The last token of a running beam. */
    int lastToken(int beam) {
        var tokens = running.get(beam).tokens();
        return tokens.get(tokens.size() - 1);
    }

    /** log p of what a running beam has said. */
    float score(int beam) {
        return running.get(beam).score();
    }

    /** The best answer, with its end token; empty while none has ended. */
    List<Integer> best() {
        return finished.isEmpty() ? List.of() : finished.get(0).tokens();
    }

    private boolean canImprove() {
        var first = running.get(0);
        return first.score() / first.tokens().size()
                > finished.get(finished.size() - 1).score();
    }

    private List<Integer> tokens(Continuation next) {
        var tokens = new ArrayList<>(running.get(next.beam()).tokens());
        tokens.add(next.token());
        return tokens;
    }
}
