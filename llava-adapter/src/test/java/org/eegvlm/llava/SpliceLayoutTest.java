package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.eegvlm.llava.SpliceLayout.Slot;
import org.junit.jupiter.api.Test;

class SpliceLayoutTest {

    private static final int IMAGE = TokenizedSample.IMAGE;
    private static final int IGNORED = TokenizedSample.IGNORED;
    private static final int PATCHES = 2;

    private final TokenizedSample two = new TokenizedSample(
            "two", new int[] {1, IMAGE, 5, IMAGE, 6}, new int[] {IGNORED, IGNORED, IGNORED, IGNORED, 6});
    private final TokenizedSample text = new TokenizedSample("text", new int[] {1, 7}, new int[] {IGNORED, 7});

    @Test
    void fusesIntoEverySecondPicture() {
        var layout = SpliceLayout.of(List.of(two, two), FeatureMode.FUSE, PATCHES, 100);

        assertThat(layout.pictures()).containsExactly(new Slot(0, 0), new Slot(1, 0));
        assertThat(layout.injected()).containsExactly(new Slot(0, 1), new Slot(1, 1));
        assertThat(layout.under()).containsExactly(0, 1);
        assertThat(layout.source()[0]).containsExactly(-1, 0, 1, -1, 4, 5, -1);
        assertThat(layout.source()[1]).containsExactly(-1, 2, 3, -1, 6, 7, -1);
    }

    @Test
    void givesAFeatureOneRowInModeToken() {
        var layout = SpliceLayout.of(List.of(two), FeatureMode.TOKEN, PATCHES, 100);

        assertThat(layout.source()[0]).containsExactly(-1, 0, 1, -1, 2, -1);
        assertThat(layout.under()).isEmpty();
    }

    @Test
    void showsBothPicturesInModeOff() {
        var layout = SpliceLayout.of(List.of(two), FeatureMode.OFF, PATCHES, 100);

        assertThat(layout.pictures()).containsExactly(new Slot(0, 0), new Slot(0, 1));
        assertThat(layout.injected()).isEmpty();
        assertThat(layout.source()[0]).containsExactly(-1, 0, 1, -1, 2, 3, -1);
    }

    @Test
    void padsTextOnTheRight() {
        var layout = SpliceLayout.of(List.of(text, two), FeatureMode.FUSE, PATCHES, 100);

        assertThat(layout.lengths()).containsExactly(2, 7);
        assertThat(layout.ids()[0]).containsExactly(1, 7, 0, 0, 0, 0, 0);
        assertThat(layout.source()[0]).containsOnly(-1);
        assertThat(layout.labels()[0]).containsExactly(IGNORED, 7, IGNORED, IGNORED, IGNORED, IGNORED, IGNORED);
    }

    @Test
    void shiftsLabelsToWhatComesNext() {
        var layout = SpliceLayout.of(List.of(text), FeatureMode.OFF, PATCHES, 100);

        assertThat(layout.nextLabels()[0]).containsExactly(7, IGNORED);
    }

    @Test
    void tellsWhatItCuts() {
        var layout = SpliceLayout.of(List.of(two, text), FeatureMode.FUSE, PATCHES, 4);

        assertThat(layout.truncated()).containsExactly("two");
        assertThat(layout.source()[0]).containsExactly(-1, 0, 1, -1);
    }

    @Test
    void refusesAFeatureThatWouldGoUnused() {
        var one = new TokenizedSample("one", new int[] {1, IMAGE}, new int[] {IGNORED, IGNORED});

        assertThatThrownBy(() -> SpliceLayout.of(List.of(one), FeatureMode.FUSE, PATCHES, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sample one has one picture; mode fuse needs two, [Image1, Image2]");
    }
}
