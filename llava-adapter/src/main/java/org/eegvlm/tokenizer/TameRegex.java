package org.eegvlm.tokenizer;

/**
 * Tells whether a regular expression of a {@code tokenizer.json} takes a time in proportion to its text.
 *
 * <p>The native library matches by backtracking, and ends the whole process where that goes on for too long. So a
 * pattern is looked at before it is handed over. The patterns of Llama 3, GPT-2 and their kin are alternatives, each a
 * row of character classes with at most two unbounded repeats, and nothing behind the second that must be there: going
 * back, the library sees a character a few times at most. What is not of this shape is refused.
 */
final class TameRegex {

    private static final int LONGEST = 2048;
    private static final int LARGEST_BOUND = 4;

    private final String pattern;
    private int at;

    private TameRegex(String pattern) {
        this.pattern = pattern;
    }

    /**
     * @throws IllegalArgumentException telling what in the pattern could take for ever, or is not known here
     */
    static void check(String pattern) {
        if (pattern.isEmpty() || pattern.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a pattern of %d characters; 1 to %d are taken".formatted(pattern.length(), LONGEST));
        }
        var regex = new TameRegex(pattern);
        regex.alternatives(false);
        regex.require(regex.at == pattern.length(), "an unmatched )");
    }

    /** Reads alternatives up to the end or a closing bracket; tells how many. */
    private int alternatives(boolean inGroup) {
        int count = 0;
        do {
            alternative(inGroup);
            count++;
        } while (take('|'));
        return count;
    }

    private void alternative(boolean inGroup) {
        int groups = 0;
        int branches = 1;
        int[] repeats = new int[Repeats.values().length];
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            int ways = atom(inGroup);
            var repeat = quantifier();
            require(
                    repeats[Repeats.UNBOUNDED.ordinal()] < 2 || repeat == Repeats.OPTIONAL,
                    "more than two long repeats");
            require(!inGroup || repeat == Repeats.ONCE, "a repeat in a group");
            require(ways == 0 || repeat == Repeats.ONCE || repeat == Repeats.OPTIONAL, "a repeated group");
            repeats[repeat.ordinal()]++;
            groups += ways > 0 ? 1 : 0;
            branches = repeat == Repeats.OPTIONAL ? branches : Math.max(branches, ways);
        }
        boolean endless = repeats[Repeats.UNBOUNDED.ordinal()] > 0;
        require(groups <= 1, "two groups in one alternative");
        require(!endless || branches == 1, "a choice beside a long repeat");
        require(repeats[Repeats.OPTIONAL.ordinal()] <= 2, "more than two things that may be there or not");
        require(repeats[Repeats.BOUNDED.ordinal()] <= (endless ? 0 : 1), "a counted repeat beside another");
    }

    /** Reads one thing that can be repeated; tells how many alternatives it has if it is a group, else 0. */
    private int atom(boolean inGroup) {
        char first = pattern.charAt(at++);
        switch (first) {
            case '(' -> {
                require(!inGroup, "a group in a group");
                return group();
            }
            case '[' -> characterClass();
            case '\\' -> escape();
            case '*', '+', '?', '{' -> throw refused("a repeat of nothing");
            default -> {}
        }
        return 0;
    }

    private int group() {
        if (take('?')) {
            boolean ignoringCase = pattern.startsWith("i:", at);
            require(ignoringCase || (at < pattern.length() && ":!=".indexOf(peek()) >= 0), "a group of another kind");
            at += ignoringCase ? 2 : 1;
        }
        int ways = alternatives(true);
        require(take(')'), "a group without an end");
        return ways;
    }

    private void characterClass() {
        take('^');
        require(at < pattern.length() && peek() != ']', "an empty class");
        while (!take(']')) {
            require(at < pattern.length() && peek() != '[', "a class without an end, or with another in it");
            if (pattern.charAt(at++) == '\\') {
                escape();
            }
        }
    }

    private void escape() {
        require(at < pattern.length(), "nothing behind a \\");
        char kind = pattern.charAt(at++);
        if (kind == 'p' || kind == 'P') {
            int end = pattern.indexOf('}', at);
            require(take('{') && end > 0, "a property without {}");
            at = end + 1;
        } else {
            require(
                    !Character.isLetterOrDigit(kind) || "sSdDwWrntfvx0".indexOf(kind) >= 0,
                    "an escape of another kind");
        }
    }

    private enum Repeats {
        ONCE,
        OPTIONAL,
        BOUNDED,
        UNBOUNDED
    }

    private Repeats quantifier() {
        if (at >= pattern.length()) {
            return Repeats.ONCE;
        }
        var repeats = switch (peek()) {
            case '?' -> Repeats.OPTIONAL;
            case '*', '+' -> Repeats.UNBOUNDED;
            case '{' -> braces();
            default -> Repeats.ONCE;
        };
        if (repeats != Repeats.ONCE) {
            at++;
            if (at < pattern.length() && (peek() == '?' || peek() == '+')) { // lazy or possessive
                at++;
            }
        }
        return repeats;
    }

    /** {@code {n}}, {@code {n,m}} or {@code {n,}}; leaves the end brace to be read. */
    private Repeats braces() {
        int end = pattern.indexOf('}', at);
        var numbers = pattern.substring(at + 1, Math.max(at + 1, end)).split(",", -1);
        at = Math.max(at, end);
        require(numbers.length <= 2 && numbers[0].matches("\\d{1,3}"), "a repeat {} that is not counted");
        var last = numbers[numbers.length - 1];
        if (last.isEmpty()) {
            return Repeats.UNBOUNDED;
        }
        require(last.matches("\\d{1,3}") && Integer.parseInt(last) <= LARGEST_BOUND, "a counted repeat above 4");
        return Repeats.BOUNDED;
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private boolean take(char wanted) {
        boolean there = at < pattern.length() && peek() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw refused(otherwise);
        }
    }

    private IllegalArgumentException refused(String what) {
        return new IllegalArgumentException(
                "the pattern '%s' has, by character %d, %s; not taken, for it could match for ever"
                        .formatted(pattern, at, what));
    }
}
