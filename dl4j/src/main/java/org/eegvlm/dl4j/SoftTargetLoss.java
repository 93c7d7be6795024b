package org.eegvlm.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Cross entropy of logits against wanted probabilities, {@code −Σ t log softmax(z)}. Unlike Deeplearning4j's own, a row of
 * targets may sum to w ≠ 1 and then counts w-fold: its gradient is {@code w softmax(z) − t}.
 */
final class SoftTargetLoss implements org.nd4j.linalg.lossfunctions.ILossFunction {

    @Override
    public double computeScore(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
        double sum =
                computeScoreArray(targets, logits, identity, mask).sumNumber().doubleValue();
        return average ? sum / targets.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
        return logSoftmax(logits).muli(targets).sum(true, 1).negi();
    }

    @Override
    public INDArray computeGradient(INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
        return Transforms.exp(logSoftmax(logits))
                .muliColumnVector(targets.sum(true, 1))
                .subi(targets);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(targets, logits, identity, mask, average),
                computeGradient(targets, logits, identity, mask));
    }

    private static INDArray logSoftmax(INDArray logits) {
        var shifted = logits.subColumnVector(logits.max(true, 1));
        return shifted.subiColumnVector(Transforms.log(Transforms.exp(shifted).sum(true, 1)));
    }

    @Override
    public String name() {
        return "soft target cross entropy";
    }
}
