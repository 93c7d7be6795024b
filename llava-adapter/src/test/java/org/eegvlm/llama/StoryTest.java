package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The story of stories260K (github.com/karpathy/llama2.c), as transformers tells it in {@code reference/make_stories.py}. */
@Tag("reference")
class StoryTest {

    @Test
    void tellsTheStoryThatTransformersTells() throws IOException {
        var weights = Path.of(System.getProperty("eegvlm.testData", "../../shared/data"), "llama/stories260K.bin");
        assumeTrue(Files.exists(weights), "no " + weights + ": the story was not told");
        var story = Json.readTree(TinyLlama.resource("stories260K.json"));

        try (var model = LlamaModel.open(weights, Optional.empty(), LoadOptions.on("cpu"))) {
            var begin = model.decoder().embed(model.decoder().integers(new int[][] {
                {model.tokenizer().bos()}
            }));
            var said = new Generator(model.decoder())
                    .greedy(begin, new int[] {1}, story.path("ids").size());

            assertThat(said.get(0)).isEqualTo(ids(story));
            assertThat(model.tokenizer().decode(said.get(0)))
                    .isEqualTo(story.path("text").asText());
        }
    }

    private static int[] ids(JsonNode story) {
        return IntStream.range(0, story.path("ids").size())
                .map(i -> story.path("ids").get(i).asInt())
                .toArray();
    }
}
