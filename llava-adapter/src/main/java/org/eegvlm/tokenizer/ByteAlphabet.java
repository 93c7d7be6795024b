package org.eegvlm.tokenizer;

import java.util.Set;
import java.util.stream.IntStream;

/** The characters that stand for bytes in a byte-level vocabulary, as GPT-2 chose them. */
final class ByteAlphabet {

    private ByteAlphabet() {}

    /** Whether each of the 256 is a token. */
    static boolean isWholeIn(Set<String> vocabulary) {
        return characters().allMatch(character -> vocabulary.contains(Character.toString(character)));
    }

    /** What can be seen in Latin-1 stands for itself; the others follow from 256 on. */
    private static IntStream characters() {
        int visible =
                (int) IntStream.range(0, 256).filter(ByteAlphabet::isVisible).count();
        return IntStream.concat(
                IntStream.range(0, 256).filter(ByteAlphabet::isVisible), IntStream.range(256, 512 - visible));
    }

    private static boolean isVisible(int value) {
        return ('!' <= value && value <= '~') || (0xA1 <= value && value <= 0xAC) || (0xAE <= value && value <= 0xFF);
    }
}
