package org.eegvlm.dl4j;

import java.nio.FloatBuffer;
import java.util.List;
import org.eegvlm.kernels.AdamWConfig;

/**
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019, arXiv:1711.05101) over a graph's one long array.
 */
final class AdamW {

    private final List<Weight> weights;
    private final AdamWConfig config;
    private final FloatBuffer firstMoments;
    private final FloatBuffer secondMoments;

    AdamW(List<Weight> weights, int numbers, double weightDecay) {
        this.weights = List.copyOf(weights);
        config = AdamWConfig.DEFAULT.withWeightDecay(weightDecay);
        firstMoments = FloatBuffer.allocate(numbers);
        secondMoments = FloatBuffer.allocate(numbers);
    }

    /**
     * @param gradients sums over the pictures
     * @param pictures how many
     * @param step from 1
     */
    void update(FloatBuffer numbers, FloatBuffer gradients, int pictures, long step, double learningRate) {
        var pace = new Pace(
                1.0 / pictures,
                1 - learningRate * config.weightDecay(),
                learningRate / (1 - Math.pow(config.beta1(), step)),
                1 / Math.sqrt(1 - Math.pow(config.beta2(), step)));
        weights.parallelStream().filter(Weight::trained).forEach(weight -> {
            for (int i = weight.offset(); i < weight.offset() + weight.size(); i++) {
                numbers.put(i, moved(numbers.get(i), gradients.get(i), i, pace));
            }
        });
    }

    /**
     * @param mean makes the mean gradient of the sum
     * @param kept share of a weight that decay leaves
     * @param rate with the first moment's correction
     * @param root correction of the second moment's root
     */
    private record Pace(double mean, double kept, double rate, double root) {}

    private float moved(float weight, float gradientSum, int i, Pace pace) {
        double gradient = gradientSum * pace.mean;
        double first = config.beta1() * firstMoments.get(i) + (1 - config.beta1()) * gradient;
        double second = config.beta2() * secondMoments.get(i) + (1 - config.beta2()) * gradient * gradient;
        firstMoments.put(i, (float) first);
        secondMoments.put(i, (float) second);
        return (float) (weight * pace.kept - pace.rate * first / (Math.sqrt(second) * pace.root + config.epsilon()));
    }

    FloatBuffer firstMoments() {
        return firstMoments;
    }

    FloatBuffer secondMoments() {
        return secondMoments;
    }
}
