package org.eegvlm.core.data;

import static org.eegvlm.core.Preconditions.require;

/**
 * One turn of a LLaVA conversation.
 *
 * @param from {@code human} or {@code gpt}
 * @param value the text, with one {@code <image>} per picture
 */
public record Turn(String from, String value) {
    public static final String HUMAN = "human";
    public static final String GPT = "gpt";

    public Turn {
        require(from != null && value != null, "a turn has 'from' and 'value'");
    }
}
