package org.eegvlm.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.check.CheckConfig;
import org.eegvlm.core.check.LeakageCheck;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.night.Nights;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of JSON file that is read, each from the same bytes. */
class JsonFilesFuzzTest {

    private static final List<Reader> READERS = List.of(
            Answer::readAll,
            EpochManifest::read,
            InstructionSample::readAll,
            Nights::read,
            Question::readAll,
            file -> Json.read(file, FeatureSidecar.class),
            file -> ModelCard.in(file.getParent()),
            file -> new LeakageCheck(CheckConfig.of(file), Progress.SILENT).run());

    private interface Reader {
        Object read(Path file) throws IOException;
    }

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("eegvlm.json"), content);
        for (var reader : READERS) {
            try {
                assertThat(reader.read(file)).isNotNull();
            } catch (MalformedDataException refused) {
                assertThat(refused).hasMessageStartingWith(file.toString());
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("\n");
            }
        }
    }
}
