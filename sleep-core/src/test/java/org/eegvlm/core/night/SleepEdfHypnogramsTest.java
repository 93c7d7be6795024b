package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.TestData;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;

/** All official hypnograms of Sleep-EDF Expanded; the golden file is by reference/make_hypnograms.py. */
class SleepEdfHypnogramsTest {

    private static final Map<ScoredStage, String> WORDS = Map.of(
            ScoredStage.WAKE, "W",
            ScoredStage.N1, "1",
            ScoredStage.N2, "2",
            ScoredStage.N3, "3",
            ScoredStage.N4, "4",
            ScoredStage.REM, "R",
            ScoredStage.MOVEMENT, "Movement",
            ScoredStage.UNSCORED, "?");

    @Test
    void haveTheStagesThatMneReads() throws IOException {
        var folder = TestData.path("sleep-edf/hypnograms");
        var golden = golden();
        assertThat(golden).hasSize(197);
        for (var night : golden.entrySet()) {
            var file = folder.resolve(night.getKey());
            var scoring = Scorings.read(file, Optional.empty(), Hypnogram.AASM_EPOCH);
            var hypnogram = Scorings.hypnogram(file, scoring, Hypnogram.AASM_EPOCH);
            for (var stage : ScoredStage.values()) {
                double expected = night.getValue().getOrDefault(WORDS.get(stage), 0.0);
                assertThat((double) hypnogram.count(stage))
                        .as("%s of %s", stage, file.getFileName())
                        .isEqualTo(expected);
            }
        }
    }

    private static Map<String, Map<String, Double>> golden() throws IOException {
        try (var json = SleepEdfHypnogramsTest.class.getResourceAsStream("sleep-edf-stages.json")) {
            return Json.MAPPER.readValue(json, new TypeReference<>() {});
        }
    }
}
