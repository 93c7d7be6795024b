package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens here are single bytes, or " word"s with the space that SentencePiece takes from the first. */
class TextStreamTest {

    private static final int CONTROL = 256;
    private static final int WORD = 300;
    private static final List<String> WORDS = List.of(" The", " stage", " is", " N2", ".");

    @Test
    void keepsTheSpacesBetweenWordsAndNotTheFirst() {
        var stream = new TextStream(TextStreamTest::decode, List.of());

        assertThat(parts(stream, word(0), word(1), word(2), word(3), word(4)))
                .containsExactly("The", " stage", " is", " N2", ".", "");
        assertThat(stream.text()).isEqualTo("The stage is N2.");
    }

    @Test
    void keepsTheSpaceAfterATokenWithoutText() {
        var stream = new TextStream(TextStreamTest::decode, List.of());

        assertThat(parts(stream, word(0), CONTROL, word(1), CONTROL, CONTROL, word(2)))
                .containsExactly("The", "", " stage", "", "", " is", "");
    }

    @Test
    void holdsBytesBackUntilTheyAreACharacter() {
        var stream = new TextStream(TextStreamTest::decode, List.of());
        var bytes = "é→😀".getBytes(StandardCharsets.UTF_8);

        assertThat(parts(stream, ids(bytes))).containsExactly("", "é", "", "", "→", "", "", "", "😀", "");
    }

    @Test
    void tellsAnUnfinishedCharacterAtTheEnd() {
        var stream = new TextStream(TextStreamTest::decode, List.of());

        assertThat(parts(stream, 'a', 0xF0, 0x9F)).containsExactly("a", "", "", "\uFFFD");
    }

    @Test
    void goesOnAfterBytesThatAreNoCharacter() {
        var stream = new TextStream(TextStreamTest::decode, List.of());

        assertThat(parts(stream, 0xFF, 0xFE, 'a', 'b')).containsExactly("", "", "\uFFFD\uFFFDa", "b", "");
    }

    @Test
    void cutsBeforeAStopStringThatStraddlesTokens() {
        var stream = new TextStream(TextStreamTest::decode, List.of("###"));

        assertThat(parts(stream, ids("ab###cd"))).containsExactly("a", "b", "", "", "", "", "", "");
        assertThat(stream.stopped()).isTrue();
        assertThat(stream.text()).isEqualTo("ab");
    }

    @Test
    void cutsInTheMiddleOfAToken() {
        var stream = new TextStream(TextStreamTest::decode, List.of("tag"));

        assertThat(parts(stream, word(0), word(1))).containsExactly("The", " s", "");
    }

    @Test
    void tellsWhatOnlyBeganLikeAStopString() {
        var stream = new TextStream(TextStreamTest::decode, List.of("###", "\nUSER:"));

        assertThat(parts(stream, ids("a##b\nUSED"))).containsExactly("a", "", "", "##b", "", "", "", "", "\nUSED", "");
        assertThat(stream.stopped()).isFalse();
    }

    @Test
    void stopsAtTheStopStringThatIsWholeFirst() {
        var stream = new TextStream(TextStreamTest::decode, List.of("is", "stage is N"));

        assertThat(parts(stream, word(0), word(1), word(2), word(3))).containsExactly("The", " ", "stage ", "", "");
        assertThat(stream.stopped()).isTrue();
    }

    @Test
    void tellsTheBeginningOfAStopStringAtTheEnd() {
        var stream = new TextStream(TextStreamTest::decode, List.of("abc"));

        assertThat(parts(stream, ids("xab"))).containsExactly("x", "", "", "ab");
    }

    /** What each token tells, then what the end tells. */
    private static List<String> parts(TextStream stream, int... tokens) {
        var parts = Arrays.stream(tokens).mapToObj(stream::append).toList();
        return Stream.concat(parts.stream(), Stream.of(stream.finish())).toList();
    }

    private static int word(int n) {
        return WORD + n;
    }

    private static int[] ids(String text) {
        return ids(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int[] ids(byte[] bytes) {
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
    }

    private static String decode(int... ids) {
        var bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id >= WORD) {
                bytes.writeBytes(WORDS.get(id - WORD).getBytes(StandardCharsets.UTF_8));
            } else if (id != CONTROL) {
                bytes.write(id);
            }
        }
        var text = bytes.toString(StandardCharsets.UTF_8);
        return text.startsWith(" ") ? text.substring(1) : text;
    }
}
