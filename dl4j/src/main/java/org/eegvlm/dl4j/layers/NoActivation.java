package org.eegvlm.dl4j.layers;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The identity; unlike Deeplearning4j's own it does not ask for the output on the way back, which would be computed anew. */
final class NoActivation extends BaseActivationFunction {

    @Override
    public INDArray getActivation(INDArray x, boolean training) {
        return x;
    }

    @Override
    public Pair<INDArray, @Nullable INDArray> backprop(INDArray unused, INDArray gradient) {
        return new Pair<>(gradient, null);
    }
}
