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
import java.util.List;
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

            var once = dropped(x, 7);

            assertThat(dropped(x, 7)).isEqualTo(once);
            assertThat(dropped(x, 8)).isNotEqualTo(once);
            assertThat(llama.decoder.layer(0, x).toFloatArray()).isNotEqualTo(once);
        }
    }

    /** A small step along the gradient must change the output by the gradient's length; fp32 leaves two digits. */
    @Test
    void differentiatesThroughTheMasksOfTheForwardPass() throws IOException {
        try (var dropping = dropping()) {
            llama.decoder.attach(dropping);
            var x = llama.embeddings();

            var pass = TrainingPass.ofRows(x, 7);
            var gradient = llama.decoder
                    .layerVjp(1, x, List.of(), llama.manager.ones(x.getShape()), pass)
                    .input();

            double length = gradient.norm().getFloat();
            var step = gradient.mul(3e-4 / length);
            double ahead = sum(llama.decoder.layer(1, x.add(step), pass).output());
            double behind = sum(llama.decoder.layer(1, x.sub(step), pass).output());
            assertThat((ahead - behind) / 6e-4).isCloseTo(length, within(1e-2 * length));
        }
    }

    /** What was kept is what would be computed again, so that nothing but time and memory depends on it. */
    @Test
    void goesBackTheSameWayWithWhatWasKept() throws IOException {
        try (var dropping = dropping()) {
            llama.decoder.attach(dropping);
            var x = llama.embeddings();
            var pass = TrainingPass.ofRows(x, 7);
            var inside = llama.decoder.layer(1, x, pass).inside();

            var kept = llama.decoder.layerVjp(1, x, inside, x, pass);

            var again = llama.decoder.layerVjp(1, x, List.of(), x, pass);
            assertThat(kept.input().toFloatArray()).isEqualTo(again.input().toFloatArray());
            for (int i = 0; i < 14; i++) {
                assertThat(kept.adapter().get(i).toFloatArray())
                        .isEqualTo(again.adapter().get(i).toFloatArray());
            }
        }
    }

    @Test
    void letsSamplesThatLieEndToEndSeeThemselvesAlone() throws IOException {
        llama.decoder.attach(llama.adapter);
        var x = llama.embeddings();
        var packed = x.reshape(1, 18, x.getShape().get(2));
        var pass = new TrainingPass(new long[] {9, 6, 3}, 0);

        var output = llama.decoder.layer(0, packed, pass).output();

        var alone = llama.decoder.layer(0, x.get("1:2, 0:6"));
        assertThat(relativeError(output.get("0:1, 9:15").toFloatArray(), alone.toFloatArray()))
                .isLessThan(1e-6);
    }

    @Test
    void dropsTheGivenShareOfEveryInput() {
        var ones = llama.manager.ones(new Shape(1, 100_000));

        var dropped = llama.decoder.kernels().tensor("dropped", ones, 0.3, 7L);
        var again = llama.decoder.kernels().tensor("dropped", ones, 0.3, 7L);

        // Five standard deviations of a binomial count.
        assertThat(dropped.size()).isBetween(30_000L - 725, 30_000L + 725);
        assertThat(again.toLongArray()).isEqualTo(dropped.toLongArray());
        assertThat(dropped.toLongArray()).isSorted().doesNotHaveDuplicates();
        assertThat(dropped.toLongArray()[dropped.toLongArray().length - 1]).isBetween(99_900L, 99_999L);
    }

    @Test
    void returnsGradientsForTheAdaptedLayersOnly() throws IOException {
        var config = new LoraConfig(2, 4, 0, EnumSet.of(Projection.V, Projection.DOWN));
        try (var adapter = LoraAdapter.fresh(config, llama.config, Device.cpu(), 1)) {
            llama.decoder.attach(adapter);
            var x = llama.embeddings();

            var gradients = llama.decoder
                    .layerVjp(0, x, List.of(), x, TrainingPass.ofRows(x, 0))
                    .adapter();

            assertThat(gradients.stream().map(NDArray::getShape))
                    .isEqualTo(adapter.layer(0).stream().map(NDArray::getShape).toList());
        }
    }

    @Test
    void differentiatesWithoutAnAdapter() throws IOException {
        var x = llama.embeddings();

        var gradient = llama.decoder.layerVjp(0, x, List.of(), x, TrainingPass.ofRows(x, 0));

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

    /** What the first layer makes of x when it drops with a seed. */
    private float[] dropped(NDArray x, long seed) {
        return llama.decoder.layer(0, x, TrainingPass.ofRows(x, seed)).output().toFloatArray();
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
