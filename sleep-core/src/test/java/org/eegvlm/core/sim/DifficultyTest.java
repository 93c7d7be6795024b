package org.eegvlm.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.baseline.BaselineConfig;
import org.eegvlm.core.baseline.BaselineMethod;
import org.eegvlm.core.baseline.Baselines;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.score.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifficultyTest {

    @TempDir
    Path folder;

    @Test
    void isNeitherHopelessNorTrivialForBandPowers() throws IOException {
        var nights = new Simulation(new SimulationConfig(folder.resolve("raw"), 12, 110, 42), Progress.SILENT).run();
        var manifest = folder.resolve("epochs.jsonl");
        new EpochManifest(rows(nights)).write(manifest);

        var answers = Baselines.run(
                new BaselineConfig(manifest, folder.resolve("answers.jsonl"), BaselineMethod.BANDPOWER, false),
                Progress.SILENT);

        var figures = Scores.of(answers).overall();
        assertThat(figures.kappa()).isBetween(0.65, 0.87);
        assertThat(figures.stages().get("N1").f1()).isLessThan(figures.macroF1());
    }

    private static List<EpochRecord> rows(List<Night> nights) throws IOException {
        var splits = new SubjectSplit(1, 3, 42)
                .assign(nights.stream().map(Night::subject).toList());
        var rows = new ArrayList<EpochRecord>();
        for (var night : nights) {
            try (var recording = night.open()) {
                var stages = night.hypnogram(recording).stages();
                for (int epoch = 0; epoch < stages.size(); epoch++) {
                    var id = "%s-%04d".formatted(night.night(), epoch);
                    rows.add(new EpochRecord(
                            id,
                            night.subject(),
                            night.night(),
                            epoch,
                            epoch * 30.0,
                            30,
                            stages.get(epoch),
                            splits.get(night.subject()),
                            id + ".png",
                            id,
                            "spec",
                            night.recording().toString(),
                            Optional.empty(),
                            List.of("EEG Fpz-Cz"),
                            true));
                }
            }
        }
        return rows;
    }
}
