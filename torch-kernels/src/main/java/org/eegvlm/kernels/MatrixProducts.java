package org.eegvlm.kernels;

/**
 * Products with a model's matrices, to be loaded beside its own kernels: {@code self.times(x, weight, bias)} and {@code
 * self.times_back(y, weight)}, each in the way in which this processor is quickest.
 */
public final class MatrixProducts {

    public static final KernelSource SOURCE = new KernelSource(MatrixProducts.class, "products.kernels.py");

    private MatrixProducts() {}
}
