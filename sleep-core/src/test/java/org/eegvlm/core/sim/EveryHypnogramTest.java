package org.eegvlm.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.TestData;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.night.Scorings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Each official hypnogram of Sleep-EDF as a simulated night that is written and read back; the profile nights runs it. */
class EveryHypnogramTest {

    @TempDir
    Path folder;

    @Test
    @EnabledIfSystemProperty(named = "eegvlm.everyHypnogram", matches = "true")
    void drivesANight() throws IOException {
        var hypnograms = Scorings.in(TestData.path("sleep-edf/hypnograms"));
        assertThat(hypnograms).hasSize(197);
        for (var hypnogram : hypnograms) {
            comesBack(hypnogram);
        }
    }

    private void comesBack(Path hypnogram) throws IOException {
        var config = SimulationConfig.driven(folder.resolve("out"), List.of(hypnogram), 1, false);
        var night = new Simulation(config, Progress.SILENT).run().get(0);
        try (var recording = night.open()) {
            var scoring = Scorings.read(hypnogram, Optional.empty(), night.epochLength());
            assertThat(night.hypnogram(recording))
                    .as("%s", hypnogram.getFileName())
                    .isEqualTo(Scorings.hypnogram(hypnogram, scoring, night.epochLength()));
        }
        Output.deleteTree(folder.resolve("out"));
    }
}
