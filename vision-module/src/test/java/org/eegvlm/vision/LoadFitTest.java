package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.vision.engine.MemoryNeed;
import org.junit.jupiter.api.Test;

class LoadFitTest {

    private static final MemoryNeed NEED = new MemoryNeed(100 << 20, 50 << 20);
    private static final Load USUAL = new Load(16, 4);

    @Test
    void takesAllAtOnceWhereMemoryHoldsIt() {
        assertThat(fit(Execution.DEFAULT, 2000).choose(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void halvesThePicturesAtOnceUntilTheyFit() {
        assertThat(fit(Execution.DEFAULT, 700).choose(USUAL)).isEqualTo(new Load(8, 4));
        assertThat(fit(Execution.DEFAULT, 400).choose(USUAL)).isEqualTo(new Load(4, 4));
    }

    @Test
    void leavesWhatWasAskedFor() {
        var asked = new Execution("djl", "cpu", Optional.of(5), Optional.of(20));

        assertThat(fit(asked, 700).choose(USUAL)).isEqualTo(new Load(5, 20));
    }

    @Test
    void refusesMoreThanFitsAndTellsWhatWould() {
        var asked = new Execution("djl", "cpu", Optional.of(64), Optional.empty());

        assertThatThrownBy(() -> fit(asked, 1000).choose(USUAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "64 pictures at once need about 3300 MiB of memory, and 1000 MiB are at hand; --at-once 16 fits");
    }

    @Test
    void refusesANetworkThatIsTooLarge() {
        assertThatThrownBy(() -> fit(Execution.DEFAULT, 300).choose(USUAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("300 MiB are at hand; take smaller pictures or another backbone");
    }

    @Test
    void namesTheHeapThatTakesTheRest() {
        var besideAHeap = new MemoryAtHand(300 << 20, 6000L << 20);
        var fit = LoadFit.of(Execution.DEFAULT, NEED, Optional.of(besideAHeap), 4);

        assertThatThrownBy(() -> fit.choose(USUAL))
                .hasMessageContaining("300 MiB are at hand beside Java's heap of 6000 MiB;");
    }

    @Test
    void takesTheFewestAnywayWhereNobodyCanAskForLess() {
        var asked = new Execution("djl", "cpu", Optional.of(64), Optional.empty());

        assertThat(fit(Execution.DEFAULT, 700).chooseAnyway(USUAL)).isEqualTo(new Load(8, 4));
        assertThat(fit(Execution.DEFAULT, 30).chooseAnyway(USUAL)).isEqualTo(new Load(4, 4));
        assertThat(fit(asked, 30).chooseAnyway(USUAL)).isEqualTo(new Load(64, 4));
    }

    @Test
    void takesTheUsualLoadWhereNobodyTellsWhatIsAtHand() {
        assertThat(LoadFit.of(Execution.DEFAULT, NEED, Optional.empty(), 4).choose(USUAL))
                .isEqualTo(USUAL);
    }

    private static LoadFit fit(Execution asked, long mebibytes) {
        return LoadFit.of(asked, NEED, Optional.of(new MemoryAtHand(mebibytes << 20)), 4);
    }
}
