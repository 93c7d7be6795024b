package org.eegvlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.io.TempDir;

/** The native library gets whatever passes our own check: a crash there is a finding here. */
class SentencePieceFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("tokenizer.model"), content);
        try (var tokenizer = LlamaTokenizer.load(folder)) {
            var ids = tokenizer.encode("One epoch, N2.</s> é");
            assertThat(tokenizer.decode(ids)).isNotNull();
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith(file.toString());
        }
    }
}
