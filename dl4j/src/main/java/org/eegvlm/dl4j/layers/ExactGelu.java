package org.eegvlm.dl4j.layers;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * GELU with the error function, {@code x Φ(x)} (Hendrycks &amp; Gimpel 2016, arXiv:1606.08415), as PyTorch has it;
 * Deeplearning4j's two are approximations that differ in the third digit.
 */
public final class ExactGelu extends BaseActivationFunction {

    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);

    @Override
    public INDArray getActivation(INDArray x, boolean training) {
        return x.muli(distribution(x));
    }

    /** The derivative is {@code Φ(x) + x φ(x)}. */
    @Override
    public Pair<INDArray, @Nullable INDArray> backprop(INDArray x, INDArray gradient) {
        assertShape(x, gradient);
        var slope = x.mul(x).muli(-0.5);
        Transforms.exp(slope, false).muli(DENSITY).muli(x).addi(distribution(x));
        return new Pair<>(slope.muli(gradient), null);
    }

    /** Φ(x), of a new array. */
    private static INDArray distribution(INDArray x) {
        var scaled = x.mul(SQRT_HALF);
        Nd4j.getExecutioner().exec(new Erf(scaled, scaled));
        return scaled.addi(1).muli(0.5);
    }
}
