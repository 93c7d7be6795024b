package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

/**
 * What keeps a network from learning its subjects by heart.
 *
 * @param weightDecay of AdamW
 * @param labelSmoothing the share of certainty given to all stages alike: scorers disagree, most of all on N1
 * @param averaging decay of the moving average of the weights that answers in their place; 0 for none
 * @param balance what is done about rare stages
 * @param augmentation what is done to the pictures learnt from
 */
public record Regularization(
        double weightDecay, double labelSmoothing, double averaging, StageBalance balance, Augmentation augmentation) {

    public static final Regularization DEFAULT =
            new Regularization(0.05, 0.1, 0, StageBalance.NONE, Augmentation.DEFAULT);

    public Regularization {
        require(weightDecay >= 0, "weight decay must not be negative, was " + weightDecay);
        require(0 <= labelSmoothing && labelSmoothing < 1, "label smoothing must be in [0, 1), was " + labelSmoothing);
        require(0 <= averaging && averaging < 1, "the averaging's decay must be in [0, 1), was " + averaging);
    }

    public Regularization withWeightDecay(double decay) {
        return new Regularization(decay, labelSmoothing, averaging, balance, augmentation);
    }

    public Regularization withLabelSmoothing(double share) {
        return new Regularization(weightDecay, share, averaging, balance, augmentation);
    }

    public Regularization withAveraging(double decay) {
        return new Regularization(weightDecay, labelSmoothing, decay, balance, augmentation);
    }

    public Regularization withBalance(StageBalance other) {
        return new Regularization(weightDecay, labelSmoothing, averaging, other, augmentation);
    }

    public Regularization withAugmentation(Augmentation other) {
        return new Regularization(weightDecay, labelSmoothing, averaging, balance, other);
    }
}
