package org.eegvlm.core.io;

import java.util.regex.Pattern;

/** Text out of files, made fit for a terminal: what a stranger wrote must not steer it, nor forge lines. */
public final class Printable {

    private static final Pattern STEERING = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");
    private static final Pattern STEERING_BUT_LINES = Pattern.compile("(?!\\r?\\n|\\t)[\\p{C}\\p{Zl}\\p{Zp}]");

    private Printable() {}

    /** One line: whatever would end it or steer the terminal is a question mark. */
    public static String line(String text) {
        return STEERING.matcher(text).replaceAll("?");
    }

    /** The same for text that has lines and tabs of its own. */
    public static String lines(String text) {
        return STEERING_BUT_LINES.matcher(text).replaceAll("?");
    }

    /** The same JSON, with what would steer a terminal spelt as escapes. */
    public static String json(String json) {
        return STEERING_BUT_LINES.matcher(json).replaceAll(match -> escapes(match.group()));
    }

    private static String escapes(String character) {
        var escaped = new StringBuilder();
        character.chars().forEach(unit -> escaped.append("\\\\u%04x".formatted(unit)));
        return escaped.toString();
    }
}
