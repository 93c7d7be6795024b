package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

    @Test
    void everyFloat16ComesBackFromFloat() {
        assertThat(everyShort().filter(bits -> HalfPrecision.toFloat16(fromFloat16(bits)) != bits))
                .allMatch(bits -> Float.isNaN(fromFloat16(bits)));
    }

    @Test
    void everyBfloat16ComesBackFromFloat() {
        assertThat(everyShort().filter(bits -> HalfPrecision.toBfloat16(fromBfloat16(bits)) != bits))
                .allMatch(bits -> Float.isNaN(fromBfloat16(bits)));
    }

    @Test
    void roundsToFloat16AsNumpyDoes() throws IOException {
        var floats = NpyFile.open(Golden.file("rounding_f4.npy")).floats();
        var halves = NpyFile.open(Golden.file("rounding_f2.npy")).floats();

        assertThat(throughFile("F16", floats)).containsExactly(halves);
    }

    @Test
    void roundsToBothAsTorchDoes() throws IOException {
        var floats = NpyFile.open(Golden.file("rounding_f4.npy")).floats();
        var torch = SafetensorsFile.open(Golden.file("rounding.safetensors"));

        assertThat(throughFile("BF16", floats)).containsExactly(torch.floats("brain"));
        assertThat(throughFile("F16", floats)).containsExactly(torch.floats("half"));
    }

    @Test
    void notANumberStaysOne() {
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(Float.NaN)))
                .isNaN();
        assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(Float.NaN)))
                .isNaN();
        assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(Float.intBitsToFloat(0x7f80_0001))))
                .isNaN();
    }

    private static IntStream everyShort() {
        return IntStream.rangeClosed(Short.MIN_VALUE, Short.MAX_VALUE);
    }

    private static float fromFloat16(int bits) {
        return HalfPrecision.fromFloat16((short) bits);
    }

    private static float fromBfloat16(int bits) {
        return HalfPrecision.fromBfloat16((short) bits);
    }

    private static float[] throughFile(String dtype, float[] values) {
        var bytes = TensorData.of(dtype, values, values.length).bytes();
        var read = new float[values.length];
        for (int i = 0; i < read.length; i++) {
            read[i] = ElementType.of(dtype).get(bytes);
        }
        return read;
    }
}
