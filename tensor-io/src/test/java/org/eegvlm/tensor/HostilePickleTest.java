package org.eegvlm.tensor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opcodes are written as in CPython's pickletools, one character a byte. */
class HostilePickleTest {

    @Test
    @DisplayName("REDUCE of os.system (CVE-2025-53002: torch.load of a stranger's file)")
    void refusesAForeignGlobalThatIsCalled() {
        assertRefused("\u0080\2cos\nsystem\nX\4\0\0\0true\u0085R.", "os.system is not allowed");
    }

    @Test
    @DisplayName("a sparse tensor (CVE-2025-62164: built without a check of its indices)")
    void refusesASparseTensor() {
        assertRefused("\u0080\2ctorch._utils\n_rebuild_sparse_tensor\n)R.", "_rebuild_sparse_tensor is not allowed");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName(
            "a global by any opcode but the one that torch writes (CVE-2025-32434: another way into the same loader)")
    @CsvSource({
        "INST, 0x69, (ios\\nsystem\\n.",
        "OBJ, 0x6f, (ccollections\\nOrderedDict\\no.",
        "NEWOBJ, 0x81, ccollections\\nOrderedDict\\n)\u0081.",
        "NEWOBJ_EX, 0x92, ccollections\\nOrderedDict\\n)}\u0092.",
        "STACK_GLOBAL, 0x93, X\2\\0\\0\\0osX\6\\0\\0\\0system\u0093.",
        "EXT1, 0x82, \u0082\1.",
        "EXT2, 0x83, \u0083\1\\0.",
        "EXT4, 0x84, \u0084\1\\0\\0\\0.",
        "PERSID, 0x50, P0\\n.",
    })
    void refusesEveryOtherWayToAGlobal(String name, String opcode, String pickle) {
        assertRefused(pickle.replace("\\n", "\n").replace("\\0", "\0"), "opcode " + opcode + " is not allowed");
    }

    @Test
    void refusesAPickleInAPickle() {
        var inner = "cos\nsystem\nX\4\0\0\0true\u0085R.";

        assertRefused("\u0080\2C" + (char) inner.length() + inner + ".", "opcode 0x43 is not allowed"); // bytes
    }

    @Test
    void takesAPickleInATextForText() throws IOException {
        var inner = "cos\nsystem\nX\4\0\0\0true\u0085R.";

        assertThat(load("\u0080\2X" + (char) inner.length() + "\0\0\0" + inner.replace('\u0085', '_') + "."))
                .isEqualTo(inner.replace('\u0085', '_'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0080\0N.", "\u0080\1N.", "\u0080\3N.", "\u0080\4N.", "\u0080\5N.", "\u0080\u00ffN."})
    void refusesProtocolsThatTorchDoesNotWrite(String pickle) {
        assertRefused(pickle, "torch writes 2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "FRAME, 0x95, \u0095",
        "MEMOIZE, 0x94, N\u0094.",
        "BINBYTES8, 0x8e, \u008e",
        "BYTEARRAY8, 0x96, \u0096",
        "NEXT_BUFFER, 0x97, \u0097",
        "FROZENSET, 0x91, (\u0091.",
        "EMPTY_SET, 0x8f, \u008f",
        "LONG4, 0x8b, \u008b",
        "STRING, 0x53, S",
        "UNICODE, 0x56, V",
        "INT, 0x49, I",
        "POP, 0x30, N0",
        "DUP, 0x32, N2",
        "unknown, 0xff, \u00ff",
    })
    void refusesOpcodesThatAreNotOnTheList(String name, String opcode, String pickle) {
        assertRefused(pickle, "opcode " + opcode + " is not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X\u00ff\u00ff\u00ff\u00ffa", // a text of 4 GB
                "X\0\0\0\u0080a", // of a negative length
                "\u008a\u00ff\1", // a number of 255 bytes
                "\u008a\t\1\2\3\4\5\6\7\u0008\t." // of nine, more than a long
            })
    void refusesLengthsThatTheFileDoesNotHave(String pickle) {
        assertThatThrownBy(() -> load(pickle)).isInstanceOf(MalformedTensorException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0080\2", "\u0080\2}q\0", "ctorch\nFloat", "X\4\0\0\0ab", "K", "G\0\0"})
    void refusesAPickleWithoutItsEnd(String pickle) {
        assertThatThrownBy(() -> load(pickle))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageStartingWith("a.bin, data.pkl, byte ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(X\6\0\0\0modulectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpuK\4tQ.", // not 'storage'
                "(X\7\0\0\0storageccollections\nOrderedDict\nX\1\0\0\0000X\3\0\0\0cpuK\4tQ.", // of no storage class
                "(X\7\0\0\0storagectorch\nFloatStorage\nK\0X\3\0\0\0cpuK\4tQ.", // its key a number
                "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpuJ\u00ff\u00ff\u00ff\u00fftQ.", // −1
                // elements
                ")Q."
            })
    void refusesAPersistentIdThatIsNoStorage(String pickle) {
        assertRefused(pickle, "a persistent id that is no storage");
    }

    @Test
    void refusesAStateSetOnAnythingButADictionary() {
        assertRefused("]}b.", "attributes set on something else than an OrderedDict");
    }

    @Test
    @DisplayName("a memo bomb: 2^100 items by reference cost what the pickle's bytes do")
    void readsNestedReferencesInTimeOfTheFile() {
        var bomb = new StringBuilder("\u0080\2)q\0");
        for (int level = 0; level < 100; level++) {
            bomb.append("h\0h\0\u0086q\0");
        }

        Assertions.assertThatCode(() -> assertCompletesSoon(bomb + ".")).doesNotThrowAnyException();
    }

    @Test
    void readsDeepNestingWithoutAStackOfItsOwn() {
        Assertions.assertThatCode(() -> assertCompletesSoon("\u0080\2)" + "\u0085".repeat(1_000_000) + "."))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesMoreOpcodesThanAStateDictHas() {
        assertRefused("N".repeat(2_000_001), "more than 2000000 opcodes");
    }

    @Test
    void namesAHostileGlobalInOneLineThatSteersNoTerminal() {
        assertThatThrownBy(() -> load("cos\u001b[2J\r" + "x".repeat(5000) + "\nsystem\n."))
                .isInstanceOf(MalformedTensorException.class)
                .message()
                .hasSizeLessThan(600)
                .doesNotContainPattern("\\p{Cntrl}");
    }

    private static void assertRefused(String pickle, String problem) {
        assertThatThrownBy(() -> load(pickle))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining(problem);
    }

    private static void assertCompletesSoon(String pickle) {
        org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(5), () -> load(pickle));
    }

    private static Object load(String pickle) throws IOException {
        return PickleMachine.load(Path.of("a.bin"), ByteBuffer.wrap(pickle.getBytes(ISO_8859_1)));
    }
}
