package org.eegvlm.core.score;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The {@code answer_id} of an answers file, in the form LLaVA's has: 22 characters, a UUID in base 57. */
public final class AnswerId {

    /** No character that is mistaken for another one: neither 0, O nor 1, I, l. */
    private static final String DIGITS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static final int LENGTH = 22;

    private AnswerId() {}

    /** The id of a model's answer to a question; the same on every run, unlike LLaVA's random one. */
    public static String of(String questionId, String modelId) {
        var uuid = UUID.nameUUIDFromBytes((questionId + "\n" + modelId).getBytes(StandardCharsets.UTF_8));
        var rest = new BigInteger(uuid.toString().replace("-", ""), 16);
        var base = BigInteger.valueOf(DIGITS.length());
        var id = new StringBuilder();
        while (id.length() < LENGTH) {
            var digit = rest.divideAndRemainder(base);
            id.append(DIGITS.charAt(digit[1].intValue()));
            rest = digit[0];
        }
        return id.reverse().toString();
    }
}
