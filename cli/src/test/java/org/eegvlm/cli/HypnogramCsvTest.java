package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HypnogramCsvTest {

    @TempDir
    Path folder;

    @Test
    void givesEachEpochItsPlaceInTheNight() throws IOException {
        var file = folder.resolve("hypnogram.csv");

        HypnogramCsv.write(file, List.of(answer(0, "The stage is N2. So."), answer(3, "Hm.")), Duration.ofSeconds(20));

        assertThat(file).hasContent("""
                onset,label,duration
                0,N2,20
                60,?,20
                """);
    }

    private static Answer answer(int epoch, String text) {
        var metadata =
                new Answer.Metadata("a", "a1", epoch, Optional.of(30.0), false, Optional.empty(), Optional.empty());
        return new Answer("a1-" + epoch, "", text, Optional.empty(), "id", "model", metadata);
    }
}
