package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.manifest.Rows.row;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.OutOfFold;
import org.junit.jupiter.api.Test;

class LeakageGateTest {

    private static final List<String> IDS = List.of("x", "y");

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

    @Test
    void refusesARowOfAnEncoderThatHasLearntFromItsSubject() {
        assertThatCode(() -> LeakageGate.checkOutOfFold(folds(0, 1), IDS, Map.of("x", "b", "y", "a")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> LeakageGate.checkOutOfFold(folds(0, 1), IDS, Map.of("x", "b", "y", "b")))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("encoder second has learnt from subject b");
    }

    @Test
    void refusesToLetAnEncoderMakeRowsOfWhomItHasLearntFrom() {
        var encoder = folds(0).encoder(0);

        assertThatCode(() -> LeakageGate.checkOutOfFold(encoder, List.of("b"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> LeakageGate.checkOutOfFold(encoder, List.of("b", "a")))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("encoder first has learnt from subject a");
    }

    @Test
    void refusesARowOfWhomNobodyKnows() {
        assertThatThrownBy(() -> LeakageGate.checkOutOfFold(folds(0, 1), IDS, Map.of("x", "b")))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("sample y");
    }

    @Test
    void namesAnEncoderForEveryRow() {
        var none = new FeatureSidecar.Standardization(new float[0], new float[0]);
        assertThatThrownBy(
                        () -> new FeatureSidecar(IDS, "whole", "spec", List.of("a", "b"), Optional.of(folds(0)), none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 rows");
        assertThatThrownBy(() -> folds(0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no encoder 2");
    }

    /** The first encoder has learnt from a, the second from b. */
    private static OutOfFold folds(Integer... encoderOfRow) {
        return new OutOfFold(
                List.of(new OutOfFold.Encoder("first", List.of("a")), new OutOfFold.Encoder("second", List.of("b"))),
                List.of(encoderOfRow));
    }
}
