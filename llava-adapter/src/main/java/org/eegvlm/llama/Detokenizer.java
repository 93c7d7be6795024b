package org.eegvlm.llama;

/** From token ids to text, such as {@code tokenizer::decode}. */
@FunctionalInterface
public interface Detokenizer {

    /** Bytes that are no whole character become U+FFFD. */
    String decode(int... ids);
}
