package org.eegvlm.core.edf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.eegvlm.core.Annotation;
import org.junit.jupiter.api.Test;

class TimestampedTextsTest {

    private static final Path FILE = Path.of("a.edf");

    @Test
    void readsTheExamplesOfTheSpecification() throws MalformedEdfException {
        var bytes =
                "+0\u0014\u0014\0+180\u0014Lights off\u0014Close door\u0014\0+1800.2\u001525.5\u0014Apnea\u0014\0\0\0";
        assertThat(TimestampedTexts.parse(FILE, 0, bytes.getBytes(UTF_8)))
                .containsExactly(
                        new Annotation(0, Optional.empty(), ""),
                        new Annotation(180, Optional.empty(), "Lights off"),
                        new Annotation(180, Optional.empty(), "Close door"),
                        new Annotation(1800.2, Optional.of(25.5), "Apnea"));
    }

    @Test
    void tellsTheByteOfABrokenOnset() {
        var bytes = "+0\u0014\u0014\0soon\u0014Apnea\u0014\0".getBytes(UTF_8);
        assertThatThrownBy(() -> TimestampedTexts.parse(FILE, 1000, bytes))
                .isInstanceOf(MalformedEdfException.class)
                .hasMessageContaining("byte 1005")
                .hasMessageContaining("'soon'");
    }

    @Property
    void throwsNothingButItsOwnExceptionOnAnyBytes(@ForAll byte[] bytes) {
        try {
            assertThat(TimestampedTexts.parse(FILE, 0, bytes)).isNotNull();
        } catch (MalformedEdfException e) {
            assertThat(e).hasMessageContaining("EDF Annotations");
        }
    }
}
