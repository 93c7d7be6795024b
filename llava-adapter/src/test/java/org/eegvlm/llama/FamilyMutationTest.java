package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eegvlm.llama.Closeness.greatestError;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That {@link FamilyGoldenTest} looks at every weight: with a tenth more of any one it would fail. */
class FamilyMutationTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("weights")
    void everyWeightShowsInTheLogits(String name, String weight) throws IOException {
        mutate(name, weight);

        try (var family = Family.withWeights(name, folder)) {
            var logits = family.sample(family.decoder.logits(family.output()));

            assertThat(greatestError(logits, family.golden("fp32.base.logits")))
                    .isGreaterThan(10 * FamilyGoldenTest.tolerance("fp32"));
        }
    }

    /** One layer's, since all layers are alike; and the one matrix that is two where embeddings are tied. */
    static Stream<Arguments> weights() throws IOException {
        var untied = SafetensorsFile.open(Family.folder("llama2").resolve("model.safetensors"));
        var all = untied.tensors().keySet().stream()
                .filter(weight -> !weight.contains("layers.") || weight.contains("layers.1."))
                .map(weight -> Arguments.of("llama2", weight));
        return Stream.concat(all, Stream.of(Arguments.of("llama3", "model.embed_tokens.weight")));
    }

    private void mutate(String name, String mutated) throws IOException {
        var file = SafetensorsFile.open(Family.folder(name).resolve("model.safetensors"));
        var tensors = new LinkedHashMap<String, TensorData>();
        for (var weight : file.tensors().keySet()) {
            var values = file.floats(weight);
            for (int i = 0; i < values.length && weight.equals(mutated); i++) {
                values[i] *= 1.1f;
            }
            tensors.put(weight, TensorData.f32(values, file.tensor(weight).shape()));
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Files.copy(Family.folder(name).resolve("config.json"), folder.resolve("config.json"));
    }
}
