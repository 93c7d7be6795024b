package org.eegvlm.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.TestData;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Scorings;
import org.eegvlm.core.signal.Band;
import org.eegvlm.core.signal.BandPowers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrivenSimulationTest {

    @TempDir
    Path folder;

    @Test
    void followsTheGivenScoringEpochByEpoch() throws IOException {
        var night =
                simulate(scoring("a.txt", "W\nW\nN1\nN2\nMT\nS3\nS4\n?\nR\n")).get(0);

        try (var recording = night.open()) {
            assertThat(night.hypnogram(recording).epochs())
                    .containsExactly(
                            ScoredStage.WAKE,
                            ScoredStage.WAKE,
                            ScoredStage.N1,
                            ScoredStage.N2,
                            ScoredStage.MOVEMENT,
                            ScoredStage.N3,
                            ScoredStage.N4,
                            ScoredStage.UNSCORED,
                            ScoredStage.REM);
        }
    }

    @Test
    void soundsLikeTheStagesItWasGiven() throws IOException {
        var night =
                simulate(scoring("a.txt", "W\n".repeat(10) + "S4\n".repeat(10))).get(0);

        try (var recording = night.open()) {
            var eeg = recording.channel("EEG Pz-Oz");
            var awake = BandPowers.of(recording.microvolts(eeg, 0, 27_000), 100);
            var deep = BandPowers.of(recording.microvolts(eeg, 33_000, 27_000), 100);
            assertThat(deep.delta()).isGreaterThan(2 * awake.delta());
            assertThat(deep.share(Band.BETA)).isLessThan(awake.share(Band.BETA));
        }
    }

    @Test
    void startsAnewWhereTheScoringChanged() throws IOException {
        var file = scoring("a.txt", "W\nN1\n");
        simulate(file);
        Files.move(folder.resolve("out"), folder.resolve("out.partial"));
        scoring("a.txt", "W\nN2\n");

        var night = simulate(file).get(0);

        try (var recording = night.open()) {
            assertThat(night.hypnogram(recording).stages().get(1)).contains(SleepStage.N2);
        }
    }

    @Test
    void followsHypnogramsOfSleepEdf() throws IOException {
        var hypnogram = TestData.path("sleep-edf/hypnograms/ST7021JM-Hypnogram.edf");
        var night = simulate(hypnogram).get(0);
        try (var recording = night.open()) {
            var scoring = Scorings.read(hypnogram, Optional.empty(), night.epochLength());
            assertThat(night.hypnogram(recording))
                    .isEqualTo(Scorings.hypnogram(hypnogram, scoring, night.epochLength()));
        }
    }

    @Test
    void findsTheHypnogramsOfAFolder() throws IOException {
        assertThat(Scorings.in(TestData.path("sleep-edf/hypnograms"))).hasSize(197);
    }

    @Test
    void refusesMoreThanADay() throws IOException {
        var file = scoring("a.txt", "W\n".repeat(2881));
        assertThatThrownBy(() -> simulate(file))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("scores 2881 epochs, more than the 2880 of a day");
    }

    private Path scoring(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<Night> simulate(Path hypnogram) throws IOException {
        var config = SimulationConfig.driven(folder.resolve("out"), List.of(hypnogram), 1, false);
        return new Simulation(config, Progress.SILENT).run();
    }
}
