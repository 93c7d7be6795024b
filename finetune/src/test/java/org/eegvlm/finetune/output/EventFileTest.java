package org.eegvlm.finetune.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {

    private static final Path GOLDEN = Path.of("src/test/resources/org/eegvlm/finetune/output/events.tfevents");
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void writesTheBytesOfTensorBoardsOwnWriter() throws IOException {
        EventFile.create(folder, CLOCK, 0).close();

        try (var resumed = EventFile.create(folder, CLOCK, 300)) {
            var scalars = new LinkedHashMap<String, Double>();
            scalars.put("train/loss", 0.75);
            scalars.put("train/learning_rate", 2e-4);
            resumed.write(301, scalars);
            resumed.write(70_000, Map.of("eval/kappa", -0.125));
        }

        assertThat(folder.resolve("events.out.tfevents.1700000000.eegvlm.0001")).hasSameBinaryContentAs(GOLDEN);
    }

    @Test
    void marksNoRestartInTheFirstFile() throws IOException {
        EventFile.create(folder, CLOCK, 0).close();

        assertThat(Files.size(folder.resolve("events.out.tfevents.1700000000.eegvlm.0000")))
                .isEqualTo(16 + 9 + 2 + "brain.Event:2".length());
    }
}
