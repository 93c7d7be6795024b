package org.eegvlm.core.data;

/**
 * One turn of a LLaVA conversation.
 *
 * @param from {@code human} or {@code gpt}
 * @param value the text, with one {@code <image>} per picture
 */
public record Turn(String from, String value) {
    public static final String HUMAN = "human";
    public static final String GPT = "gpt";
}
