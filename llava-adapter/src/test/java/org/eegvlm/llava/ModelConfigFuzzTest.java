package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LlamaConfig;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of {@code config.json}, each from the same bytes. */
class ModelConfigFuzzTest {

    private static final List<Reader> READERS = List.of(LlamaConfig::read, LlavaConfig::read, ClipConfig::read);

    private interface Reader {
        Object read(JsonNode json, Path file) throws IOException;
    }

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("config.json"), content);
        for (var reader : READERS) {
            try {
                assertThat(reader.read(Json.readTree(file), file)).isNotNull();
            } catch (MalformedDataException refused) {
                assertThat(refused).hasMessageStartingWith(file.toString());
            }
        }
    }
}
