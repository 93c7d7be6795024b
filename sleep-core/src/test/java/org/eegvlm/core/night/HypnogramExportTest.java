package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eegvlm.core.ScoredStage.MOVEMENT;
import static org.eegvlm.core.ScoredStage.N1;
import static org.eegvlm.core.ScoredStage.N2;
import static org.eegvlm.core.ScoredStage.N3;
import static org.eegvlm.core.ScoredStage.N4;
import static org.eegvlm.core.ScoredStage.REM;
import static org.eegvlm.core.ScoredStage.UNSCORED;
import static org.eegvlm.core.ScoredStage.WAKE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.EpochRange;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HypnogramExportTest {

    private static final LocalDateTime START = LocalDateTime.of(1989, 4, 24, 16, 13, 0, 500_000_000);
    private static final Hypnogram NIGHT =
            new Hypnogram(List.of(WAKE, N1, N2, N2, N3, N4, MOVEMENT, REM, UNSCORED, WAKE), Hypnogram.AASM_EPOCH);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = HypnogramExport.Format.class,
            names = {"CSV", "EDF"})
    void isReadAgainAsItWas(HypnogramExport.Format format) throws IOException {
        var file = folder.resolve("night." + format);
        new HypnogramExport(NIGHT, new EpochRange(0, 10), Optional.of(START)).write(file, format);

        var scoring = Scorings.read(file, Optional.empty(), Hypnogram.AASM_EPOCH);

        assertThat(Scorings.hypnogram(file, scoring, Hypnogram.AASM_EPOCH)).isEqualTo(NIGHT);
    }

    @Test
    void keepsTheTimesOfAPart() throws IOException {
        var file = folder.resolve("night.csv");
        new HypnogramExport(NIGHT, new EpochRange(2, 4), Optional.empty()).write(file, HypnogramExport.Format.CSV);
        assertThat(file).hasContent("onset,label,duration\n60,N2,30\n90,N2,30\n");
    }

    @Test
    void writesJsonWithCountsAndMinutes() throws IOException {
        var file = folder.resolve("night.json");
        new HypnogramExport(NIGHT, new EpochRange(1, 9), Optional.of(START)).write(file, HypnogramExport.Format.JSON);

        var json = Json.readTree(file);
        assertThat(json.get("start").textValue()).isEqualTo("1989-04-24T16:13:00.500");
        assertThat(json.get("first_epoch").intValue()).isEqualTo(1);
        assertThat(json.get("stages")).hasSize(8);
        assertThat(json.get("stages").get(4).textValue()).isEqualTo("N4");
        assertThat(json.get("counts").get("N2").intValue()).isEqualTo(2);
        assertThat(json.get("minutes").get("by_stage").get("N3").doubleValue()).isEqualTo(1);
        assertThat(Files.readString(file)).contains("\"by_stage\" : {\n      \"Wake\"");
    }
}
