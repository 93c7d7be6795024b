package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against bitsandbytes 0.50.2 ({@code reference/make_nf4.py}): every byte and every bit must be equal. */
@Tag("reference")
class Nf4WeightTest {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), TorchDevice.ENGINE);
    private final Kernels kernels = Nf4Weight.kernels(Device.cpu());
    private SafetensorsFile golden;
    private NDScope scope;

    @BeforeEach
    void open() throws IOException, URISyntaxException {
        golden = SafetensorsFile.open(Path.of(Objects.requireNonNull(Nf4WeightTest.class.getResource("nf4.safetensors"))
                .toURI()));
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "rest", "odd", "half", "ties", "zeros", "nothing", "tiny", "huge"})
    void quantizesToTheBytesOfBitsandbytes(String name) throws IOException {
        var quantized = kernels.tensors("nf4_quantize", tensor(name + ".weight"));

        assertThat(quantized.get(0).toByteArray()).isEqualTo(bytes(name + ".packed"));
        assertThat(quantized.get(1).toFloatArray()).isEqualTo(floats(name + ".absmax"));
    }

    /** The mean is given here: another processor may sum in another order. */
    @ParameterizedTest
    @ValueSource(strings = {"large", "rest", "odd", "half", "ties", "zeros", "nothing", "tiny", "huge"})
    void quantizesTheMagnitudesToTheCodesOfBitsandbytes(String name) throws IOException {
        var compressed = kernels.tensors(
                "nf4_quantize_absmax", tensor(name + ".absmax"), tensor("map"), tensor(name + ".offset"));

        assertThat(compressed.get(0).toByteArray()).isEqualTo(bytes(name + ".codes"));
        assertThat(compressed.get(1).toFloatArray()).isEqualTo(floats(name + ".scales"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "rest", "odd", "half", "ties", "zeros", "nothing", "tiny", "huge"})
    void dequantizesToTheBitsOfBitsandbytes(String name) throws IOException {
        var weight = stored(name);

        assertThat(weight.dequantize(DataType.FLOAT32).toFloatArray()).isEqualTo(floats(name + ".fp32"));
        assertThat(Tensors.floats(weight.dequantize(DataType.BFLOAT16))).isEqualTo(floats(name + ".bf16"));
        assertThat(Tensors.floats(weight.dequantize(DataType.FLOAT16))).isEqualTo(floats(name + ".fp16"));
    }

    @Test
    void makesTheCodeAndTheLevelsOfBitsandbytes() throws IOException {
        assertThat(kernels.tensor("nf4_code").toFloatArray()).isEqualTo(floats("map"));
        assertThat(kernels.tensor("nf4_levels", tensor("map")).toFloatArray()).isEqualTo(floats("levels"));
    }

    @Test
    void holdsAWeightInLittleMoreThanFourBits() {
        var weight = manager.randomNormal(new Shape(1024, 512));

        try (var quantized = Nf4Weight.quantize(weight)) {
            assertThat(8.0 * quantized.bytes() / weight.size()).isBetween(4.12, 4.15);
        }
    }

    @Test
    void multipliesByTilesAsByTheWholeMatrix() {
        var weight = manager.randomNormal(new Shape(96, 65_600));
        var x = manager.randomNormal(new Shape(2, 65_600));

        try (var quantized = Nf4Weight.quantize(weight)) {
            var y = kernels.tensor(
                    "nf4_linear", x, quantized.packed(), quantized.absmax(), quantized.scales(), quantized.table());

            var whole = x.matMul(quantized.dequantize(DataType.FLOAT32).transpose());
            assertThat(y.getShape()).isEqualTo(new Shape(2, 96));
            assertThat(y.sub(whole).abs().max().getFloat())
                    .isLessThan(1e-5f * whole.abs().max().getFloat());
        }
    }

    /** In bfloat16, 256 + 0.5 is 256: tile after tile the small shares would be lost. */
    @Test
    void addsTheSharesOfTilesUpInFullPrecision() {
        int tile = 4096;
        var ones = manager.ones(new Shape(5 * tile, 1024));
        var shares = new float[5 * tile];
        for (int first = 0; first < shares.length; first += tile) {
            shares[first] = first == 0 ? 256 : 0.5f;
        }
        var gradient = Tensors.cast(manager.create(shares, new Shape(1, shares.length)), DataType.BFLOAT16);

        try (var quantized = Nf4Weight.quantize(ones)) {
            var back = kernels.tensor(
                    "nf4_back",
                    gradient,
                    quantized.packed(),
                    quantized.absmax(),
                    quantized.scales(),
                    quantized.table());

            assertThat(Tensors.floats(back)).hasSize(1024).containsOnly(258);
        }
    }

    @Test
    void refusesValuesThatAreNotFinite() {
        var weight = manager.create(new float[] {1, Float.NaN, 2, 3}, new Shape(2, 2));

        assertThatThrownBy(() -> Nf4Weight.quantize(weight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not finite");
    }

    @Test
    void refusesTensorsOfAnotherLength() throws IOException {
        var packed = tensor("odd.packed").flatten();
        var absmax = tensor("odd.absmax");
        var none = manager.create(new float[0]);

        assertThatThrownBy(() -> new Nf4Weight(packed, absmax, none, none, new Shape(5, 9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("packed");
    }

    private Nf4Weight stored(String name) throws IOException {
        return new Nf4Weight(
                tensor(name + ".packed").flatten(),
                tensor(name + ".codes"),
                tensor(name + ".scales"),
                kernels.tensor("nf4_table", tensor("map"), tensor(name + ".offset")),
                new Shape(golden.tensor(name + ".weight").shape()));
    }

    private NDArray tensor(String name) throws IOException {
        var info = golden.tensor(name);
        if (info.dtype().equals("U8")) {
            return manager.create(golden.map(name), new Shape(info.shape()), DataType.UINT8);
        }
        var values = manager.create(golden.floats(name), new Shape(info.shape()));
        return switch (info.dtype()) {
            case "BF16" -> Tensors.cast(values, DataType.BFLOAT16);
            case "F16" -> Tensors.cast(values, DataType.FLOAT16);
            default -> values;
        };
    }

    /** Sixteen-bit floats as fp32, which holds them all. */
    private float[] floats(String name) throws IOException {
        return golden.floats(name);
    }

    private byte[] bytes(String name) throws IOException {
        var mapped = golden.map(name);
        var bytes = new byte[mapped.remaining()];
        mapped.get(bytes);
        return bytes;
    }
}
