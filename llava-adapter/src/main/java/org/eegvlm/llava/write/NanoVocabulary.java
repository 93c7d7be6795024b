package org.eegvlm.llava.write;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.signal.Findings;
import org.eegvlm.llava.SystemTexts;
import org.eegvlm.llava.write.SentencePieceFile.Kind;
import org.eegvlm.llava.write.SentencePieceFile.Piece;

/**
 * The vocabulary of nano-llava: the words of its prompts and answers as one token each; anything else is spelled.
 *
 * <p>Every beginning of a word is a piece too. That makes the vocabulary proper BPE: from the blank before it a word
 * grows letter by letter until it is whole.
 */
final class NanoVocabulary {

    /** What stands for a blank inside pieces. */
    private static final char BLANK = '▁';

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+");
    private static final int LARGEST_NUMBER = 100;
    private static final String ANSWER = "The stage is";
    private static final String QUESTIONS = "Which sleep stage does this EEG epoch show, and why? "
            + "What is the sleep stage of this epoch? Describe the epoch. Explain.";

    private NanoVocabulary() {}

    /** All pieces, in the order of their ids. */
    static List<Piece> pieces() {
        var pieces = new ArrayList<Piece>();
        pieces.add(new Piece("<unk>", 0, Kind.UNKNOWN));
        pieces.add(new Piece("<s>", 0, Kind.CONTROL));
        pieces.add(new Piece("</s>", 0, Kind.CONTROL));
        for (int value = 0; value < 256; value++) {
            pieces.add(new Piece("<0x%02X>".formatted(value), 0, Kind.BYTE));
        }
        var texts = new LinkedHashSet<String>();
        words().forEach(word -> addBeginnings(word, texts));
        IntStream.rangeClosed('!', '~').mapToObj(Character::toString).forEach(texts::add);
        texts.add("µ");
        int rank = 0;
        for (var text : texts) {
            pieces.add(new Piece(text, -rank++, Kind.NORMAL));
        }
        return pieces;
    }

    /** The words that are one token, in order of their first appearance. */
    static Set<String> words() {
        var words = new LinkedHashSet<String>();
        for (var stage : SleepStage.values()) {
            words.add(stage.label());
        }
        for (var text :
                List.of(SystemTexts.chat("user"), SystemTexts.chat("human"), "USER ASSISTANT", ANSWER, QUESTIONS)) {
            addWords(text, words);
        }
        words.addAll(Findings.VOCABULARY);
        words.add("%"); // stands alone between blanks
        IntStream.rangeClosed(0, LARGEST_NUMBER).mapToObj(Integer::toString).forEach(words::add);
        return words;
    }

    private static void addWords(String text, Set<String> words) {
        WORD.matcher(text).results().map(MatchResult::group).forEach(words::add);
    }

    private static void addBeginnings(String word, Set<String> texts) {
        for (int end = 0; end <= word.length(); end++) {
            texts.add(BLANK + word.substring(0, end));
        }
    }
}
