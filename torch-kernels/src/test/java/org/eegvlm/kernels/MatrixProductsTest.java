package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** bfloat16 products beside the same in float32: a rounding apart, whichever way the processor takes. */
class MatrixProductsTest {

    private static final KernelSource ASKING = new KernelSource(MatrixProductsTest.class, "widened.kernels.py");
    private static final float ROUNDING = 1f / 256;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), TorchDevice.ENGINE);
    private NDScope scope;

    @BeforeEach
    void open() {
        manager.getEngine().setRandomSeed(7);
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({
        "false, BFLOAT16, 128, true",
        "false, BFLOAT16, 127, false",
        "false, FLOAT32, 128, false",
        "true, BFLOAT16, 128, false"
    })
    void widensManyRowsWhereBfloat16IsSlow(boolean quickAtBfloat16, DataType type, int rows, boolean widened) {
        try (var kernels = load(quickAtBfloat16)) {
            var x = Tensors.cast(manager.ones(new Shape(2, rows, 8)), type);

            assertThat(kernels.tensor("widened", x).getBoolean()).isEqualTo(widened);
        }
    }

    /** 128 rows are many, 16 few; 4200 rows of a matrix of 1024 columns are more than one tile. */
    @ParameterizedTest
    @CsvSource({"true, 16", "true, 128", "false, 1", "false, 16", "false, 127", "false, 128", "false, 131"})
    void multipliesThere(boolean quickAtBfloat16, int rows) {
        try (var kernels = load(quickAtBfloat16)) {
            var x = rounded(manager.randomNormal(new Shape(1, rows, 1024)));
            var weight = rounded(manager.randomNormal(new Shape(4200, 1024)).mul(1 / 32f));
            var bias = rounded(manager.randomNormal(new Shape(4200)));

            var product = kernels.tensor("times", narrow(x), narrow(weight), narrow(bias));

            assertThat(product.getShape()).isEqualTo(new Shape(1, rows, 4200));
            assertClose(product, kernels.tensor("times", x, weight, bias));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 128", "false, 1", "false, 127", "false, 131"})
    void multipliesBack(boolean quickAtBfloat16, int rows) {
        try (var kernels = load(quickAtBfloat16)) {
            var y = rounded(manager.randomNormal(new Shape(rows, 4200)));
            var weight = rounded(manager.randomNormal(new Shape(4200, 1024)).mul(1 / 64f));

            var product = kernels.tensor("times_back", narrow(y), narrow(weight));

            assertClose(product, kernels.tensor("times_back", y, weight));
        }
    }

    private static Kernels load(boolean quickAtBfloat16) {
        return Kernels.load(new Processor(quickAtBfloat16), Device.cpu(), MatrixProducts.SOURCE, ASKING);
    }

    private static NDArray narrow(NDArray tensor) {
        return Tensors.cast(tensor, DataType.BFLOAT16);
    }

    /** What bfloat16 can tell. */
    private static NDArray rounded(NDArray tensor) {
        return Tensors.cast(narrow(tensor), DataType.FLOAT32);
    }

    private static void assertClose(NDArray narrow, NDArray wide) {
        var difference = Tensors.cast(narrow, DataType.FLOAT32).sub(wide).abs();
        var allowed = wide.abs().maximum(1).mul(ROUNDING);
        assertThat(difference.lte(allowed).all().getBoolean()).isTrue();
    }
}
