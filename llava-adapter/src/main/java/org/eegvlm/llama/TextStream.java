package org.eegvlm.llama;

import java.util.Arrays;
import java.util.List;

/**
 * One answer's text as its tokens come: whole characters only, and nothing that might become a stop string.
 *
 * <p>A token may be a part of a character, and a space may depend on the token before it; so each token is decoded
 * together with the one before, and the difference is what it adds.
 */
final class TextStream {

    /** What stands for bytes that are no character, or not one yet. */
    private static final String INCOMPLETE = "\uFFFD";

    private final Detokenizer detokenizer;
    private final List<String> stops;
    private final StringBuilder told = new StringBuilder();
    private final StringBuilder held = new StringBuilder();
    private int[] tokens = new int[0];
    private int context;
    private int decoded;
    private boolean stopped;

    TextStream(Detokenizer detokenizer, List<String> stops) {
        this.detokenizer = detokenizer;
        this.stops = stops;
    }

    /** Adds a token; returns the text that is certain now. */
    String append(int token) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        var fresh = fresh();
        if (fresh.endsWith(INCOMPLETE)) {
            return "";
        }
        // A context without text would take the space from what follows it.
        context = decode(decoded, tokens.length).isEmpty() ? context : decoded;
        decoded = tokens.length;
        return tell(fresh, false);
    }

    /** Returns what was held back; nothing comes after it. */
    String finish() {
        return tell(fresh(), true);
    }

    /** Whether a stop string came. */
    boolean stopped() {
        return stopped;
    }

    /** All that was told. */
    String text() {
        return told.toString();
    }

    /** What the tokens since {@code decoded} add. */
    private String fresh() {
        var before = decode(context, decoded);
        return decode(context, tokens.length).substring(before.length());
    }

    private String decode(int from, int to) {
        return detokenizer.decode(Arrays.copyOfRange(tokens, from, to));
    }

    private String tell(String fresh, boolean all) {
        if (stopped) {
            return "";
        }
        held.append(fresh);
        int end = stop();
        if (end >= 0) {
            stopped = true;
        } else {
            end = all ? held.length() : held.length() - possibleStop();
        }
        var text = held.substring(0, end);
        held.delete(0, stopped ? held.length() : end);
        told.append(text);
        return text;
    }

    /** Where the first stop string begins in what is held, or -1. */
    private int stop() {
        return stops.stream()
                .mapToInt(held::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** The length of the longest end of what is held with which a stop string begins. */
    private int possibleStop() {
        int longest = 0;
        for (var stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
