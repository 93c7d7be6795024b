package org.eegvlm.core.edf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TimestampedTextsTest {

    @Test
    void readsTheExamplesOfTheSpecification() {
        var heard = Heard.of(
                "+0\u0014\u0014\0+180\u0014Lights off\u0014Close door\u0014\0+1800.2\u001525.5\u0014Apnea\u0014\0\0\0"
                        .getBytes(UTF_8));

        assertThat(heard.lists)
                .containsExactly(
                        new TimestampedTexts(new BigDecimal("0"), Optional.empty(), List.of("")),
                        new TimestampedTexts(
                                new BigDecimal("180"), Optional.empty(), List.of("Lights off", "Close door")),
                        new TimestampedTexts(new BigDecimal("1800.2"), Optional.of(25.5), List.of("Apnea")));
    }

    @Test
    void tellsTheByteOfABrokenOnsetAndGoesOn() {
        var heard = Heard.of("+0\u0014\u0014\0soon\u0014Apnea\u0014\0+9\u0014Arousal\u0014\0".getBytes(UTF_8));

        assertThat(heard.lists).extracting(TimestampedTexts::texts).containsExactly(List.of(""), List.of("Arousal"));
        assertThat(heard.unreadable)
                .singleElement()
                .asString()
                .contains("byte %d".formatted(Heard.OFFSET + 5), "'soon'");
    }

    @Test
    void leavesOutATextThatMayBeCut() {
        var heard = Heard.of("+1\u0014Sleep stage \0".getBytes(UTF_8));

        assertThat(heard.lists).isEmpty();
        assertThat(heard.unreadable).singleElement().asString().contains("without its end mark");
    }

    @Test
    void readsLatin1AndSaysSo() {
        var heard = Heard.of("+1\u0014Schön\u0014\0".getBytes(ISO_8859_1));

        assertThat(heard.lists).extracting(TimestampedTexts::texts).containsExactly(List.of("Schön"));
        assertThat(heard.odd).singleElement().asString().contains("Latin-1");
    }

    @Property
    void hearsEveryByteOut(@ForAll byte[] bytes) {
        var heard = Heard.of(bytes);

        assertThat(heard.unreadable).allSatisfy(problem -> assertThat(problem).startsWith("byte "));
    }
}
