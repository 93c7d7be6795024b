package org.eegvlm.vision.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.VisionEngine;

/** The weights, pictures and labels that the golden files' scripts use too, from formulas. */
final class Formula {

    static final int PICTURES = 4;
    static final int SIDE = 64;

    /** From −1 to 1. */
    static final Picture PICTURE = new Picture(SIDE, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

    private static final int[] STAGES = {0, 2, 3, 4};

    private Formula() {}

    static Map<String, TensorData> weights(NetworkConfig network) {
        var weights = new LinkedHashMap<String, TensorData>();
        try (var fresh = VisionEngine.named(VisionEngine.DEFAULT).learner(network, LearnerConfig.of(0))) {
            fresh.weights().forEach((name, tensor) -> {
                long[] shape = tensor.spec().shape();
                weights.put(name, TensorData.f32(values(name, shape), shape));
            });
        }
        return weights;
    }

    private static float[] values(String name, long[] shape) {
        int size = 1;
        for (long side : shape) {
            size *= (int) side;
        }
        double scale = Math.sqrt(2.0 * shape[0] / size);
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            double wave = wave(i, name.length());
            if (name.endsWith("running_var")) {
                values[i] = (float) (1 + 0.5 * wave);
            } else if (shape.length == 1 && name.endsWith("weight")) {
                values[i] = (float) (1 + 0.2 * wave);
            } else {
                values[i] = (float) ((shape.length == 1 ? 0.1 : scale) * wave);
            }
        }
        return values;
    }

    static PictureBatch pictures() {
        var levels = new byte[PICTURES * Picture.COLOURS * SIDE * SIDE];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(127.5 * (1 + wave(i, 2)));
        }
        return new PictureBatch(levels, PICTURES, Picture.COLOURS, PICTURE);
    }

    /** Looks like noise, and is the same in every language. */
    static double wave(int i, int phase) {
        int j = i % 8191;
        return Math.sin(0.37 * (j * j) + phase);
    }

    static float[] smoothedTargets() {
        var targets = new float[PICTURES * 5];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = i % 5 == STAGES[i / 5] ? 0.92f : 0.02f;
        }
        return targets;
    }

    /** @param tolerance of the largest wanted value: convolutions sum in another order on other processors */
    static void assertClose(float[] actual, float[] wanted, double tolerance) {
        assertThat(actual).hasSameSizeAs(wanted);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, Math.abs(wanted[i] - actual[i]));
        }
        assertThat(difference).isLessThanOrEqualTo(tolerance * largest);
    }
}
