package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;

/**
 * Products with a model's matrices, to be loaded beside its own kernels: {@code self.times(x, weight, bias)} and {@code
 * self.times_back(y, weight)}, each in the way in which this processor is quickest.
 */
public final class MatrixProducts {

    public static final KernelSource SOURCE = new KernelSource(MatrixProducts.class, "products.kernels.py");

    private MatrixProducts() {}

    /** Whether many rows of that type are multiplied in float32 there, which gives other last bits. */
    public static boolean widens(DataType type, Device device) {
        return type == DataType.BFLOAT16 && !device.isGpu() && !Processor.HERE.quickAtBfloat16();
    }
}
