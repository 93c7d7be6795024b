package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.eegvlm.llama.Closeness.relativeError;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against transformers 4.52.4 and PEFT 0.15.2. Both sides sum in fp32 in their own order: a few units in 1e-7 apart. */
@Tag("reference")
class LlamaDecoderGoldenTest {

    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;

    private NDScope scope;
    private TinyLlama llama;

    @BeforeEach
    void open() throws IOException {
        llama = TinyLlama.adapted();
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        llama.close();
    }

    @Test
    void computesTheLogitsOfTransformersWithThePeftAdapter() throws IOException {
        var logits = llama.decoder.logits(llama.forward(llama.embeddings()));

        assertThat(relativeError(spoken(logits.toFloatArray()), spoken(llama.golden("logits"))))
                .isLessThan(FORWARD);
    }

    @Test
    void computesTheLogitsOfTransformersWithoutAnAdapter() throws IOException {
        llama.decoder.detach();

        var logits = llama.decoder.logits(llama.forward(llama.embeddings()));

        assertThat(relativeError(spoken(logits.toFloatArray()), spoken(llama.golden("logits.base"))))
                .isLessThan(FORWARD);
    }

    @Test
    void handsEachLayerTheInputThatTransformersHandsIt() throws IOException {
        var first = llama.embeddings();
        var second = llama.decoder.layer(0, first);
        var third = llama.decoder.layer(1, second);

        assertThat(relativeError(spoken(first.toFloatArray()), spoken(llama.golden("input.0"))))
                .isZero();
        assertThat(relativeError(spoken(second.toFloatArray()), spoken(llama.golden("input.1"))))
                .isLessThan(FORWARD);
        assertThat(relativeError(spoken(third.toFloatArray()), spoken(llama.golden("input.2"))))
                .isLessThan(FORWARD);
    }

    @Test
    void computesTheLossOfTransformers() throws IOException {
        var output = llama.forward(llama.embeddings());

        assertThat(llama.decoder.lossVjp(output, llama.shiftedLabels()).loss())
                .isCloseTo(llama.golden("loss")[0], within(1e-5));
    }

    @Test
    void computesTheGradientsOfTransformersAndPeft() throws IOException {
        var gradients = backward();

        assertThat(relativeError(gradients.embeddings().toFloatArray(), llama.golden("gradient.embeddings")))
                .isLessThan(GRADIENT);
        var names = LoraLayout.of(llama.adapter.config(), llama.config);
        assertThat(gradients.adapter()).hasSameSizeAs(names);
        for (int i = 0; i < names.size(); i++) {
            var name = "gradient.%s.weight".formatted(names.get(i).name());
            assertThat(relativeError(gradients.adapter().get(i).toFloatArray(), llama.golden(name)))
                    .as(name)
                    .isLessThan(GRADIENT);
        }
    }

    private record Gradients(NDArray embeddings, List<NDArray> adapter) {}

    private Gradients backward() throws IOException {
        var inputs = new ArrayList<NDArray>(List.of(llama.embeddings()));
        for (int layer = 0; layer < llama.decoder.layers(); layer++) {
            inputs.add(llama.decoder.layer(layer, inputs.get(layer)));
        }
        var gradient = llama.decoder
                .lossVjp(inputs.get(llama.decoder.layers()), llama.shiftedLabels())
                .input();
        var adapter = new ArrayList<NDArray>();
        for (int layer = llama.decoder.layers() - 1; layer >= 0; layer--) {
            var x = inputs.get(layer);
            var flowing = llama.decoder.layerVjp(layer, x, List.of(), gradient, TrainingPass.ofRows(x, 0));
            gradient = flowing.input();
            adapter.addAll(0, flowing.adapter());
        }
        return new Gradients(gradient, adapter);
    }

    /** What lies before the padding of the second row, which means nothing. */
    private static float[] spoken(float[] values) {
        int width = values.length / 18;
        return Arrays.copyOf(values, (9 + TinyLlama.LENGTHS[1]) * width);
    }
}
