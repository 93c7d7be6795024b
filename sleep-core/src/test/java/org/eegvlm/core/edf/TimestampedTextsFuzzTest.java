package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class TimestampedTextsFuzzTest {

    @FuzzTest
    void reads(byte[] content) {
        var heard = Heard.of(content);

        assertThat(heard.lists)
                .allMatch(list -> Double.isFinite(list.onset().doubleValue()))
                .allMatch(list -> list.duration().orElse(0.0) >= 0)
                .noneMatch(list -> list.texts().isEmpty());
        assertThat(heard.unreadable).allMatch(problem -> problem.startsWith("byte "));
    }
}
