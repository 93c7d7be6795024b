package org.eegvlm.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One row's answer on its way: takes token after token until something ends it, and tells the observer. */
final class GrowingAnswer {

    private final int row;
    private final List<Integer> endTokens;
    private final int maxNewTokens;
    private final AnswerObserver observer;
    private final TextStream text;
    private final List<Integer> tokens = new ArrayList<>();
    private Optional<Ending> ending = Optional.empty();

    GrowingAnswer(
            int row,
            List<Integer> endTokens,
            GenerationOptions options,
            Detokenizer detokenizer,
            AnswerObserver observer) {
        this.row = row;
        this.endTokens = endTokens;
        this.maxNewTokens = options.maxNewTokens();
        this.observer = observer;
        this.text = new TextStream(detokenizer, options.stops());
    }

    /** Adds a token, unless the answer has ended; returns whether it goes on. */
    boolean append(int token) {
        if (ending.isPresent()) {
            return false;
        }
        if (observer.cancelled(row)) {
            end(Ending.CANCELLED);
        } else if (endTokens.contains(token)) {
            end(Ending.END);
        } else {
            tokens.add(token);
            var fresh = text.append(token);
            if (text.stopped()) {
                tell(List.of(token), fresh, Ending.STOP);
            } else if (tokens.size() == maxNewTokens) {
                tell(List.of(token), fresh + text.finish(), text.stopped() ? Ending.STOP : Ending.LENGTH);
            } else {
                observer.on(new AnswerObserver.Part(row, List.of(token), fresh, ending));
            }
        }
        return ending.isEmpty();
    }

    /** Ends the answer, if it has not ended. */
    void end(Ending reason) {
        if (ending.isEmpty()) {
            var rest = text.finish();
            tell(List.of(), rest, text.stopped() ? Ending.STOP : reason);
        }
    }

    GeneratedAnswer answer() {
        var ids = tokens.stream().mapToInt(Integer::intValue).toArray();
        return new GeneratedAnswer(ids, text.text(), ending.orElseThrow());
    }

    private void tell(List<Integer> fresh, String freshText, Ending reason) {
        ending = Optional.of(reason);
        observer.on(new AnswerObserver.Part(row, fresh, freshText, ending));
    }
}
