package org.eegvlm.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.eegvlm.core.io.Printable;
import org.eegvlm.llama.AnswerObserver;
import org.eegvlm.llama.Ending;

/** One answer on the screen, as it comes; ends with its line. */
final class PrintedAnswer implements AnswerObserver {
    private final PrintWriter out;
    private final Interruption interruption;
    private final long asked = System.nanoTime();
    private long first;
    private int tokens;
    private boolean begun;

    PrintedAnswer(PrintWriter out, Interruption interruption) {
        this.out = out;
        this.interruption = interruption;
    }

    @Override
    public void on(Part part) {
        if (tokens == 0) {
            first = System.nanoTime();
        }
        tokens += part.tokens().size();
        // The blank that comes before the first word of an answer is not a part of it.
        var text = begun ? part.text() : part.text().stripLeading();
        begun |= !text.isEmpty();
        out.print(Printable.lines(text));
        if (part.ending().isPresent()) {
            out.println();
        }
        out.flush();
    }

    @Override
    public boolean cancelled(int row) {
        return interruption.requested();
    }

    /** How long it took: the first token waits for the prompt, the others only for each other. */
    String note(Ending ending) {
        var waited = seconds(first - asked);
        var wrote = seconds(System.nanoTime() - first);
        var speed = tokens < 2 || wrote == 0
                ? ""
                : String.format(Locale.ROOT, ", then %.1f a second", (tokens - 1) / wrote);
        return String.format(
                Locale.ROOT, "[%d tokens, the first after %.1f s%s; %s]", tokens, waited, speed, told(ending));
    }

    private static String told(Ending ending) {
        return switch (ending) {
            case END -> "ended by the model";
            case STOP -> "ended at a stop string";
            case LENGTH -> "cut at --max-new-tokens";
            case CANCELLED -> "interrupted";
        };
    }

    private static double seconds(long nanos) {
        return Duration.ofNanos(nanos).toMillis() / 1000.0;
    }
}
