package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;

class TimestampedTextsFuzzTest {

    private static final Path FILE = Path.of("a.edf");

    @FuzzTest
    void reads(byte[] content) {
        try {
            assertThat(TimestampedTexts.parse(FILE, 0, content)).allMatch(text -> Double.isFinite(text.onsetSeconds()));
        } catch (MalformedEdfException refused) {
            assertThat(refused).hasMessageStartingWith("a.edf, byte ");
        }
    }
}
