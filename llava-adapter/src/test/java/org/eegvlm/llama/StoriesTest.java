package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real Llama of 260 thousand parameters, in llama2.c's own format: it speaks sense only if all of it is right. */
@Tag("reference")
class StoriesTest {

    @Test
    void tellsTheStoryOfLlama2c() throws IOException {
        var file = Path.of(System.getProperty("eegvlm.testData", ""), "llama", "stories260K.bin");
        assumeTrue(Files.isRegularFile(file), () -> "SKIPPED: no " + file);

        try (var model = LlamaModel.open(file, Optional.empty(), LoadOptions.on("cpu"));
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int[] prompt = model.tokenizer().encode("Once upon a time");
            var embeddings = model.decoder().embed(model.decoder().integers(new int[][] {prompt}));

            var tokens = new Generator(model.decoder()).greedy(embeddings, new int[] {prompt.length}, 64);

            assertThat(model.tokenizer().decode(tokens.get(0)))
                    .startsWith(", there was a little girl named Lily. She loved to play outside in the park."
                            + " One day, she saw a big, red ball.");
        }
    }
}
