package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.llama.Closeness.relativeError;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tiny Llama as bitsandbytes saves it in NF4 ({@code reference/make_nf4.py}), two layers with quantised statistics, the
 * third with plain ones; and the same model quantised at load.
 */
@Tag("reference")
class FourBitLlamaTest {

    private static final LoadOptions CPU = LoadOptions.on("cpu");

    @TempDir
    private Path folder;

    private NDScope scope;
    private TinyLlama plain;
    private LlamaDecoder quantized;

    @BeforeEach
    void open() throws IOException {
        plain = TinyLlama.open();
        quantized = load(TinyLlama.resource("tiny-llama-nf4"), CPU);
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        quantized.close();
        plain.close();
    }

    @Test
    void givesTheLogitsOfTheDequantizedModel() throws IOException {
        var golden = SafetensorsFile.open(TinyLlama.resource("tiny-llama-nf4").resolve("golden.safetensors"));

        var logits = quantized.logits(forward(quantized, firstRow()));

        assertThat(relativeError(logits.toFloatArray(), golden.floats("logits")))
                .isLessThan(1e-5);
    }

    @Test
    void extendsACacheAsItComputesAWholeSequence() throws IOException {
        try (var cache = quantized.cache(1, 9)) {
            var extended = quantized.extend(firstRow(), new long[] {0}, cache);

            assertThat(relativeError(
                            extended.toFloatArray(),
                            forward(quantized, firstRow()).toFloatArray()))
                    .isLessThan(1e-5);
        }
    }

    /** Levels bit for bit. The mean of the magnitudes may be summed in another order on another processor. */
    @Test
    void quantizesAtLoadToWhatBitsandbytesSaved() throws IOException {
        var here = read(TinyLlama.folder(), CPU.with4Bit());
        var saved = read(TinyLlama.resource("tiny-llama-nf4"), CPU);

        assertThat(here).hasSameSizeAs(saved);
        for (var projection : Projection.values()) {
            int packed = LayerReader.index(projection);
            assertThat(here.get(packed).toByteArray())
                    .as(projection.path())
                    .isEqualTo(saved.get(packed).toByteArray());
            assertThat(relativeError(magnitudes(here, projection), magnitudes(saved, projection)))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void holdsAProjectionInLittleMoreThanFourBitsAndNothingElse() throws IOException {
        var layer = read(TinyLlama.folder(), CPU.with4Bit());

        assertThat(layer.get(LayerReader.index(Projection.DOWN)).size()).isEqualTo(32 * 48 / 2);
        assertThat(layer.get(0).getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(layer.get(0).getShape()).isEqualTo(new Shape(32));
    }

    @Test
    void computesTheGradientsOfTheDequantizedModel() throws IOException {
        quantized.attach(plain.adapter);
        try (var dequantized = load(dequantized(), CPU)) {
            dequantized.attach(plain.adapter);
            var x = quantized.layer(1, firstRow());
            var gradient = plain.manager.randomNormal(x.getShape());

            var pass = TrainingPass.ofRows(x, 7);
            var actual = quantized.layerVjp(1, x, List.of(), gradient, pass);
            var expected = dequantized.layerVjp(1, x, List.of(), gradient, pass);

            assertClose(actual.input(), expected.input());
            assertThat(actual.adapter()).hasSize(14);
            for (int i = 0; i < 14; i++) {
                assertClose(actual.adapter().get(i), expected.adapter().get(i));
            }
        }
    }

    @Test
    void refusesToMergeAnAdapter() {
        assertThatThrownBy(() -> quantized.merge(plain.adapter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("four bits");
    }

    /** Against the same values held in bfloat16: both round alike, whatever the processor does. */
    @Test
    void computesInBfloat16() throws IOException {
        var options = CPU.withType(DataType.BFLOAT16);
        try (var half = load(TinyLlama.resource("tiny-llama-nf4"), options);
                var dequantized = load(dequantized(), options)) {
            var x = half.embed(plain.ids().get("0:1"));

            assertClose(half.logits(forward(half, x)), dequantized.logits(forward(dequantized, x)));
        }
    }

    private NDArray firstRow() throws IOException {
        return quantized.embed(plain.ids().get("0:1"));
    }

    private static NDArray forward(LlamaDecoder decoder, NDArray x) {
        for (int layer = 0; layer < decoder.layers(); layer++) {
            x = decoder.layer(layer, x);
        }
        return x;
    }

    private LlamaDecoder load(Path model, LoadOptions options) throws IOException {
        var checkpoint = Checkpoint.open(model);
        return LlamaDecoder.load(checkpoint, plain.config, options);
    }

    /** The tensors of layer 1; they end with the test's process. */
    private List<NDArray> read(Path model, LoadOptions options) throws IOException {
        var checkpoint = Checkpoint.open(model);
        return new LayerReader(checkpoint, plain.config, options).read(1, Device.cpu());
    }

    private float[] magnitudes(List<NDArray> layer, Projection projection) {
        int statistics = 9 + 3 * projection.ordinal();
        return quantized
                .kernels()
                .tensor(
                        "nf4_absmax",
                        layer.get(statistics),
                        layer.get(statistics + 1),
                        layer.get(statistics + 2),
                        0,
                        (int) layer.get(statistics).size())
                .toFloatArray();
    }

    /** The folder of the same model with the values that its four bits stand for. */
    private Path dequantized() throws IOException {
        var tensors = new HashMap<String, TensorData>();
        var shapes = SafetensorsFile.open(TinyLlama.folder().resolve("model.safetensors"))
                .tensors();
        var checkpoint = Checkpoint.open(TinyLlama.resource("tiny-llama-nf4"));
        for (var name : shapes.keySet()) {
            var shape = shapes.get(name).shape();
            try (var tensor = checkpoint.tensor(name, Device.cpu(), DataType.FLOAT32, shape)) {
                tensors.put(name, TensorData.f32(tensor.toFloatArray(), shape));
            }
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Files.copy(TinyLlama.folder().resolve("config.json"), folder.resolve("config.json"));
        return folder;
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(relativeError(actual.toFloatArray(), expected.toFloatArray()))
                .isLessThan(1e-5);
    }
}
