package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerPlacementTest {

    private static final long GIB = 1L << 30;

    @Test
    void laysNeighboursTogether() {
        var placement = LayerPlacement.of(5, GIB, Collections.nCopies(2, Device.cpu()));

        assertThat(placement.stages())
                .containsExactly(new DecoderStage(Device.cpu(), 0, 3), new DecoderStage(Device.cpu(), 3, 5));
        assertThat(placement.layers()).hasSize(5);
    }

    @Test
    void makesNoStageWithoutALayer() {
        var placement = LayerPlacement.of(2, GIB, Collections.nCopies(3, Device.cpu()));

        assertThat(placement.stages()).extracting(DecoderStage::first).containsExactly(0, 1);
    }

    @Test
    void countsByFreeMemory() {
        assertThat(LayerPlacement.counts(8, GIB, new long[] {30 * GIB, 10 * GIB}))
                .containsExactly(6, 2);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> LayerPlacement.counts(8, GIB, new long[] {4 * GIB, 4 * GIB}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not fit");
    }

    @Test
    void keepsAllOnASingleDevice() {
        assertThat(LayerPlacement.of(4, GIB, List.of(Device.cpu())).stages())
                .containsExactly(new DecoderStage(Device.cpu(), 0, 4));
    }
}
