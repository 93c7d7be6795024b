package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.manifest.Rows.row;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeakageGateTest {

    @Test
    void passesSubjectsThatKeepToTheirSplit() {
        var rows = List.of(
                row("a-0", "a", Split.TRAIN, "1"), row("a-1", "a", Split.TRAIN, "2"), row("b-0", "b", Split.EVAL, "3"));
        assertThatCode(() -> LeakageGate.check(rows)).doesNotThrowAnyException();
    }

    @Test
    void refusesASubjectInTwoSplits() {
        var rows = List.of(row("a-0", "a", Split.TRAIN, "1"), row("a-1", "a", Split.EVAL, "2"));
        assertThatThrownBy(() -> LeakageGate.check(rows))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("subject a is in two splits");
    }

    @Test
    void refusesAPictureInTwoSplits() {
        var rows = List.of(row("a-0", "a", Split.TRAIN, "1"), row("b-0", "b", Split.EVAL, "1"));
        assertThatThrownBy(() -> LeakageGate.check(rows))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("a-0")
                .hasMessageContaining("b-0");
    }

    @Test
    void refusesAVisionModuleThatHasSeenAnEvaluationSubject() {
        assertThatThrownBy(() -> LeakageGate.checkEncoder(List.of("a", "b"), List.of("b", "c")))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("[b]");
    }

    @Test
    void passesAVisionModuleThatHasNot() {
        assertThatCode(() -> LeakageGate.checkEncoder(List.of("a"), List.of("b")))
                .doesNotThrowAnyException();
    }
}
