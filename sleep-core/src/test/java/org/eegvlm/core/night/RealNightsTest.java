package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.TestData;
import org.junit.jupiter.api.Test;

class RealNightsTest {

    @Test
    void tellsThatARecordingIsOnlyTheBeginningOfItsScoring() throws IOException {
        var night = Night.edf(
                "SC400",
                "SC4001",
                TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf"),
                Optional.of(TestData.path("sleep-edf/hypnograms/SC4001EC-Hypnogram.edf")));
        try (var recording = night.open()) {
            var scored = night.scored(recording);
            assertThat(scored.hypnogram().epochs()).hasSize(10).containsOnly(ScoredStage.WAKE);
            assertThat(scored.alignment().notes()).containsExactly("2640.0 scored epochs lie beyond its end");
        }
    }

    @Test
    void refusesTheHypnogramOfAnotherNight() {
        var night = Night.edf(
                "SC400",
                "SC4001",
                TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf"),
                Optional.of(TestData.path("sleep-edf/hypnograms/SC4011EH-Hypnogram.edf")));
        assertThatThrownBy(() -> hypnogram(night))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("hypnogram of another recording");
    }

    @Test
    void readsStagesFromAHypnogramSignal() throws IOException {
        var night = Nights.of(TestData.path("psg/Osas2002plusQRS.edf"));
        var stages = hypnogram(night).stages();
        assertThat(stages).hasSize(40).allMatch(Optional::isPresent);
        assertThat(stages.get(0)).contains(SleepStage.N3);
        assertThat(stages.get(1)).contains(SleepStage.N2);
        assertThat(stages.get(39)).contains(SleepStage.REM);
    }

    @Test
    void readsTheDreamsExcerpts() throws IOException {
        var format = new TextFormat(100, "C3-A1", "uV", StageCodes.DREAMS, Duration.ofSeconds(5));
        var night = new Night(
                "excerpt1",
                "excerpt1",
                TestData.path("dreams/excerpt1.txt"),
                Optional.of(TestData.path("dreams/Hypnogram_excerpt1.txt")),
                Optional.of(format),
                Duration.ofSeconds(20),
                Optional.empty());
        var stages = hypnogram(night).stages();
        assertThat(stages).hasSize(90);
        assertThat(stages.get(0)).contains(SleepStage.WAKE);
    }

    private static Hypnogram hypnogram(Night night) throws IOException {
        try (var recording = night.open()) {
            return night.hypnogram(recording);
        }
    }
}
