package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.eegvlm.llama.Closeness.relativeError;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.EnumSet;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.kernels.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LlamaDecoderTest {

    private static final LoraConfig DROPPING = new LoraConfig(4, 8, 0.5, EnumSet.allOf(Projection.class));

    private NDScope scope;
    private TinyLlama llama;

    @BeforeEach
    void open() throws IOException {
        llama = TinyLlama.open();
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        llama.close();
    }

    @Test
    void isUnchangedByAFreshAdapter() throws IOException {
        var before = llama.forward(llama.embeddings()).toFloatArray();
        try (var fresh = LoraAdapter.fresh(DROPPING, llama.config, Device.cpu(), 1)) {
            llama.decoder.attach(fresh);

            assertThat(llama.forward(llama.embeddings()).toFloatArray()).isEqualTo(before);
        }
    }

    @Test
    void computesTheSameMergedAsAttached() throws IOException {
        llama.decoder.attach(llama.adapter);
        var attached = llama.forward(llama.embeddings()).toFloatArray();
        llama.decoder.detach();

        llama.decoder.merge(llama.adapter);

        assertThat(relativeError(llama.forward(llama.embeddings()).toFloatArray(), attached))
                .isLessThan(1e-5);
    }

    @Test
    void dropsTheSameForTheSameSeedAndLayer() throws IOException {
        try (var dropping = dropping()) {
            llama.decoder.attach(dropping);
            var x = llama.embeddings();

            var once = llama.decoder.layer(0, x, 7).toFloatArray();

            assertThat(llama.decoder.layer(0, x, 7).toFloatArray()).isEqualTo(once);
            assertThat(llama.decoder.layer(0, x, 8).toFloatArray()).isNotEqualTo(once);
            assertThat(llama.decoder.layer(0, x).toFloatArray()).isNotEqualTo(once);
        }
    }

    /** A small step along the gradient must change the output by the gradient's length; fp32 leaves two digits. */
    @Test
    void differentiatesThroughTheMasksOfTheForwardPass() throws IOException {
        try (var dropping = dropping()) {
            llama.decoder.attach(dropping);
            var x = llama.embeddings();

            var gradient = llama.decoder
                    .layerVjp(1, x, llama.manager.ones(x.getShape()), 7)
                    .input();

            double length = gradient.norm().getFloat();
            var step = gradient.mul(3e-4 / length);
            double ahead = sum(llama.decoder.layer(1, x.add(step), 7));
            double behind = sum(llama.decoder.layer(1, x.sub(step), 7));
            assertThat((ahead - behind) / 6e-4).isCloseTo(length, within(1e-2 * length));
        }
    }

    @Test
    void returnsGradientsForTheAdaptedLayersOnly() throws IOException {
        var config = new LoraConfig(2, 4, 0, EnumSet.of(Projection.V, Projection.DOWN));
        try (var adapter = LoraAdapter.fresh(config, llama.config, Device.cpu(), 1)) {
            llama.decoder.attach(adapter);
            var x = llama.embeddings();

            var gradients = llama.decoder.layerVjp(0, x, x, 0).adapter();

            assertThat(gradients.stream().map(NDArray::getShape))
                    .isEqualTo(adapter.layer(0).stream().map(NDArray::getShape).toList());
        }
    }

    @Test
    void differentiatesWithoutAnAdapter() throws IOException {
        var x = llama.embeddings();

        var gradient = llama.decoder.layerVjp(0, x, x, 0);

        assertThat(gradient.adapter()).isEmpty();
        assertThat(gradient.input().getShape()).isEqualTo(x.getShape());
    }

    @Test
    void gradientOfTheLossIsTheSameInSmallChunks() throws IOException {
        var output = llama.forward(llama.embeddings());
        var whole = llama.decoder.lossVjp(output, llama.shiftedLabels());

        var chunked = llama.decoder.lossVjp(output, llama.shiftedLabels(), 2);

        assertThat(chunked.loss()).isCloseTo(whole.loss(), within(1e-6));
        assertThat(chunked.supervised()).isEqualTo(whole.supervised());
        assertThat(relativeError(chunked.input().toFloatArray(), whole.input().toFloatArray()))
                .isLessThan(1e-6);
    }

    @Test
    void refusesABatchWithNothingToLearn() throws IOException {
        var output = llama.embeddings();
        var labels = llama.manager.full(new Shape(2, 9), LlamaDecoder.IGNORED, DataType.INT64);

        assertThatThrownBy(() -> llama.decoder.lossVjp(output, labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no label");
    }

    @Test
    void refusesAnAdapterOfAnotherShape() {
        var wider = new LlamaConfig(
                64,
                40,
                48,
                3,
                new AttentionShape(4, 2, 10),
                1e-5,
                llama.config.rope(),
                64,
                false,
                llama.config.tokens());
        try (var adapter = LoraAdapter.fresh(DROPPING, wider, Device.cpu(), 1)) {
            assertThatThrownBy(() -> llama.decoder.attach(adapter)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** bfloat16 keeps eight bits of each number; three layers of it stay within a few percent. */
    @Test
    void computesInBfloat16() throws IOException {
        var checkpoint = Checkpoint.open(TinyLlama.folder());
        try (var decoder = LlamaDecoder.load(
                checkpoint, llama.config, LoadOptions.on("cpu").withType(DataType.BFLOAT16))) {
            decoder.attach(llama.adapter);
            llama.decoder.attach(llama.adapter);
            var wide = llama.decoder.layer(0, llama.embeddings()).toFloatArray();

            var narrow = decoder.layer(0, decoder.embed(llama.ids()));
            assertThat(relativeError(Tensors.floats(narrow), wide)).isLessThan(2e-2);
        }
    }

    private LoraAdapter dropping() {
        var adapter = LoraAdapter.fresh(DROPPING, llama.config, Device.cpu(), 1);
        adapter.parameters().forEach(tensor -> tensor.addi(0.01f));
        return adapter;
    }

    private static double sum(NDArray x) {
        double sum = 0;
        for (float value : x.toFloatArray()) {
            sum += value;
        }
        return sum;
    }
}
