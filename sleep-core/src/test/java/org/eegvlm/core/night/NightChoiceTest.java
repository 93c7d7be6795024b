package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NightChoiceTest {

    private static final List<String> NIGHTS = List.of("SC4001", "SC4002", "SC4011", "ST7011");

    @Test
    void takesAllWhereNothingIsAskedFor() {
        assertThat(among(NightChoice.ALL)).isEqualTo(NIGHTS);
    }

    @Test
    void takesOneStudy() {
        assertThat(among(new NightChoice(Optional.of(SleepEdf.Study.ST), List.of(), 0)))
                .containsExactly("ST7011");
    }

    @Test
    void takesWhatFitsAPattern() {
        assertThat(among(new NightChoice(Optional.empty(), List.of("sc400?", "*7011"), 0)))
                .containsExactly("SC4001", "SC4002", "ST7011");
    }

    @Test
    void takesNoMoreThanAskedFor() {
        assertThat(among(new NightChoice(Optional.empty(), List.of(), 3))).hasSize(3);
    }

    @Test
    void tellsNamesWhereNoneFits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> among(new NightChoice(Optional.empty(), List.of("SC5*"), 0)))
                .withMessage("none of the 4 nights is wanted; they are called SC4001, SC4002, SC4011, …");
    }

    @Test
    void knowsWhichNightsWereLost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> among(new NightChoice(Optional.empty(), List.of("SC4361"), 0)))
                .withMessageStartingWith("SC4361 was lost");
    }

    @Test
    void readsSleepEdfsNames() {
        assertThat(SleepEdf.of("SC4001E0-PSG.edf"))
                .contains(new SleepEdf(SleepEdf.Study.SC, "SC400", "SC4001", Optional.empty()));
        assertThat(SleepEdf.of("ST7011JP-Hypnogram.edf"))
                .contains(new SleepEdf(SleepEdf.Study.ST, "ST701", "ST7011", Optional.of('P')));
        assertThat(SleepEdf.of("SIM4011E0-PSG.edf")).isEmpty();
    }

    private static List<String> among(NightChoice choice) {
        return choice.among(NIGHTS, night -> night);
    }
}
