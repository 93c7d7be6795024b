package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.TestData;
import org.eegvlm.core.edf.EdfRecording;
import org.junit.jupiter.api.Test;

class RealNightsTest {

    @Test
    void readsAll197HypnogramsOfSleepEdf() throws IOException {
        try (var files = Files.list(TestData.path("sleep-edf/hypnograms"))) {
            var counts = files.sorted().map(RealNightsTest::scoredSeconds).toList();
            assertThat(counts).hasSize(197).allMatch(seconds -> seconds > 5 * 3600);
        }
    }

    @Test
    void refusesAHypnogramLongerThanItsRecording() {
        var night = Night.edf(
                "SC400",
                "SC4001",
                TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf"),
                Optional.of(TestData.path("sleep-edf/hypnograms/SC4001EC-Hypnogram.edf")));
        assertThatThrownBy(() -> hypnogram(night))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("ends at 300 s");
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

    /** As if its recording were as long as need be. */
    private static double scoredSeconds(Path file) {
        try (var hypnogram = EdfRecording.open(file)) {
            return hypnogram.annotations().stream()
                    .filter(annotation -> StageLabels.speaksOfStage(annotation.text()))
                    .filter(annotation -> StageLabels.stage(annotation.text()).isPresent())
                    .mapToDouble(annotation -> annotation.durationSeconds().orElseThrow())
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
