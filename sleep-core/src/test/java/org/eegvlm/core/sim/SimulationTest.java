package org.eegvlm.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.TestData;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.night.Night;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {

    @TempDir
    Path folder;

    @Test
    void givesTheSameBytesForTheSameSeed() throws IOException {
        simulate("a", 7);
        simulate("b", 7);
        for (var name : names("a")) {
            assertThat(folder.resolve("a").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
        }
    }

    @Test
    void givesTheSameNamesInEveryLocale() throws IOException {
        var usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG")); // has digits of its own
        try {
            simulate("a", 7);
        } finally {
            Locale.setDefault(usual);
        }
        assertThat(names("a")).contains("SIM4011E0-PSG.edf", "SIM4011EC-Hypnogram.edf");
    }

    @Test
    void givesOtherNightsForAnotherSeed() throws IOException {
        var one = simulate("a", 7).get(0).recording();
        var other = simulate("b", 8).get(0).recording();
        assertThat(Files.mismatch(one, other)).isGreaterThan(0);
    }

    @Test
    void goesOnWhereAKilledRunStopped() throws IOException {
        simulate("whole", 7);
        simulate("killed", 7);
        var partial = new Output(folder.resolve("killed")).partial();
        Files.move(folder.resolve("killed"), partial);
        Files.delete(partial.resolve("SIM4021EC-Hypnogram.edf"));
        var longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(partial.resolve("SIM4011E0-PSG.edf"), longAgo);

        simulate("killed", 7);

        assertThat(Files.getLastModifiedTime(folder.resolve("killed/SIM4011E0-PSG.edf")))
                .isEqualTo(longAgo);
        assertThat(names("killed")).isEqualTo(names("whole"));
        assertThat(folder.resolve("killed/SIM4021EC-Hypnogram.edf"))
                .hasSameBinaryContentAs(folder.resolve("whole/SIM4021EC-Hypnogram.edf"));
    }

    @Test
    void keepsNothingOfAKilledRunWithAnotherSeed() throws IOException {
        simulate("whole", 7);
        simulate("killed", 8);
        Files.move(folder.resolve("killed"), new Output(folder.resolve("killed")).partial());

        simulate("killed", 7);

        assertThat(folder.resolve("killed/SIM4011E0-PSG.edf"))
                .hasSameBinaryContentAs(folder.resolve("whole/SIM4011E0-PSG.edf"));
    }

    @Test
    void refusesToReplaceFinishedNights() throws IOException {
        simulate("a", 7);
        assertThatThrownBy(() -> simulate("a", 7)).isInstanceOf(OutputExistsException.class);
    }

    @Test
    void saysInBothHeadersThatItIsSimulated() throws IOException {
        var night = simulate("a", 7).get(0);
        try (var signals = EdfRecording.open(night.recording());
                var hypnogram = EdfRecording.open(night.hypnogram().orElseThrow())) {
            assertThat(signals.simulated()).isTrue();
            assertThat(hypnogram.simulated()).isTrue();
        }
    }

    @Test
    void looksLikeSleepEdf() throws IOException {
        var night = simulate("a", 7).get(0);
        try (var real = EdfRecording.open(TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf"));
                var simulated = EdfRecording.open(night.recording())) {
            assertThat(simulated.header().recordSeconds())
                    .isEqualTo(real.header().recordSeconds());
            assertThat(simulated.header().signals())
                    .extracting(EdfSignal::label, EdfSignal::unit, EdfSignal::prefilter, EdfSignal::samplesPerRecord)
                    .isEqualTo(real.header().signals().stream()
                            .map(signal ->
                                    tuple(signal.label(), signal.unit(), signal.prefilter(), signal.samplesPerRecord()))
                            .toList());
        }
    }

    @Test
    void sleepsThroughEveryStage() throws IOException {
        for (var night : simulate("a", 7)) {
            var stages = EnumSet.noneOf(SleepStage.class);
            hypnogram(night).stages().forEach(stage -> stages.add(stage.orElseThrow()));
            assertThat(stages).containsExactly(SleepStage.values());
        }
    }

    @Test
    void doesNotMixUpNights() throws IOException {
        var nights = simulate("a", 7);
        var mixed = Night.edf("x", "x", nights.get(0).recording(), nights.get(1).hypnogram());
        assertThatThrownBy(() -> hypnogram(mixed)).isInstanceOf(MalformedDataException.class);
    }

    private List<Night> simulate(String name, long seed) throws IOException {
        return new Simulation(new SimulationConfig(folder.resolve(name), 2, 40, seed), Progress.SILENT).run();
    }

    private List<String> names(String name) throws IOException {
        try (var files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Hypnogram hypnogram(Night night) throws IOException {
        try (var recording = night.open()) {
            return night.hypnogram(recording);
        }
    }
}
