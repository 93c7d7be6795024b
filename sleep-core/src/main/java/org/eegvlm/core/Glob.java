package org.eegvlm.core;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns as people type them: {@code *} stands for any letters, {@code ?} for one; letter case does not count. */
public final class Glob {

    private Glob() {}

    public static Pattern of(String pattern) {
        var expression = pattern.codePoints()
                .mapToObj(letter -> switch (letter) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(letter));
                })
                .collect(Collectors.joining());
        return Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }
}
