package org.eegvlm.vision.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.kernels.MovingAverage;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.Examples;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.LearnerState;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageLearner;

/**
 * Teaches a {@link StageNetwork}. Only one can learn at a time in a JVM: DJL collects gradients for the whole process.
 *
 * <p>A moving average is of all that the network answers with, batch norm's running statistics included: averaged weights
 * have other activations than the last ones, and the last statistics would not suit them.
 */
final class StageTrainer implements StageLearner {

    private final StageNetwork network;
    private final int atOnce;
    private final List<String> names;
    private final List<NDArray> weights;
    private final AdamW optimizer;
    private final List<String> averagedNames;
    private final Optional<MovingAverage> average;

    /** @param network is closed with this trainer */
    StageTrainer(StageNetwork network, LearnerConfig config) {
        this.network = network;
        atOnce = config.atOnce();
        var trainable = network.trainable();
        names = List.copyOf(trainable.keySet());
        weights = trainable.values().stream()
                .map(parameter -> parameter.getArray())
                .toList();
        weights.forEach(weight -> weight.setRequiresGradient(true));
        optimizer = new AdamW(weights, AdamWConfig.DEFAULT.withWeightDecay(config.weightDecay()));
        var all = network.arrays();
        averagedNames = List.copyOf(all.keySet());
        average = config.averaging() > 0
                ? Optional.of(new MovingAverage(List.copyOf(all.values()), config.averaging()))
                : Optional.empty();
    }

    @Override
    public double step(PictureBatch pictures, float[] targets, double learningRate) {
        var gradients = new ArrayList<NDArray>();
        try {
            double loss = 0;
            for (var part : new Examples(pictures, targets).parts(atOnce)) {
                loss += learn(part, pictures.count(), gradients);
            }
            optimizer.update(gradients, learningRate);
            average.ifPresent(each -> each.update(optimizer.step()));
            return loss;
        } finally {
            gradients.forEach(NDArray::close);
        }
    }

    /**
     * Goes through the network, and back.
     *
     * @param count of the pictures of the whole step
     * @param gradients of the parts before, to which this part's are added
     * @return what the part contributes to the mean loss
     */
    private double learn(Examples part, int count, List<NDArray> gradients) {
        try (var scope = new NDScope();
                var recording = Engine.getEngine("PyTorch").newGradientCollector()) {
            scope.suppressNotUsedWarning();
            var logits = network.trainingLogits(part.pictures());
            var shape = new Shape(part.count(), part.targets().length / part.count());
            var wanted = network.manager().create(part.targets(), shape);
            var mean = logits.logSoftmax(-1).mul(wanted).sum().div(-count);
            var own = Tensors.gradients(mean, weights);
            double loss = mean.getFloat();
            if (!Double.isFinite(loss)) {
                throw new IllegalArgumentException(
                        "the loss became %s at step %d; use a smaller learning rate".formatted(loss, optimizer.step()));
            }
            if (gradients.isEmpty()) {
                NDScope.unregister(own.toArray(NDArray[]::new));
                gradients.addAll(own);
            } else {
                Tensors.addScaled(gradients, own, 1);
            }
            return loss;
        }
    }

    @Override
    public Output apply(PictureBatch pictures) {
        average.ifPresent(MovingAverage::swap);
        try {
            return network.apply(pictures);
        } finally {
            average.ifPresent(MovingAverage::swap);
        }
    }

    @Override
    public Map<String, TensorData> weights() {
        average.ifPresent(MovingAverage::swap);
        try {
            return network.weights();
        } finally {
            average.ifPresent(MovingAverage::swap);
        }
    }

    @Override
    public void begin(Map<String, TensorData> given) {
        network.begin(given);
        average.ifPresent(each -> {
            each.swap();
            network.begin(given);
            each.swap();
        });
    }

    @Override
    public long steps() {
        return optimizer.step();
    }

    @Override
    public void save(Path file, Map<String, String> words) throws IOException {
        var tensors = tensors();
        LearnerState.write(
                file,
                StageNetwork.shapes(tensors),
                name -> Objects.requireNonNull(tensors.get(name)).toFloatArray(),
                optimizer.step(),
                words);
    }

    private Map<String, NDArray> tensors() {
        var tensors = new LinkedHashMap<String, NDArray>();
        network.arrays().forEach((name, array) -> tensors.put(LearnerState.MODEL + name, array));
        for (int i = 0; i < names.size(); i++) {
            tensors.put(
                    LearnerState.FIRST_MOMENT + names.get(i),
                    optimizer.firstMoments().get(i));
            tensors.put(
                    LearnerState.SECOND_MOMENT + names.get(i),
                    optimizer.secondMoments().get(i));
        }
        if (average.isPresent()) {
            for (int i = 0; i < averagedNames.size(); i++) {
                tensors.put(
                        LearnerState.AVERAGE + averagedNames.get(i),
                        average.get().values().get(i));
            }
        }
        return tensors;
    }

    @Override
    public void restore(SafetensorsFile state) throws IOException {
        network.restore(state, LearnerState.MODEL);
        optimizer.restore(
                moments(state, LearnerState.FIRST_MOMENT),
                moments(state, LearnerState.SECOND_MOMENT),
                LearnerState.step(state));
        if (average.isPresent()) {
            for (int i = 0; i < averagedNames.size(); i++) {
                var value = average.get().values().get(i);
                value.set(floats(state, LearnerState.AVERAGE + averagedNames.get(i), value));
            }
        }
    }

    private List<float[]> moments(SafetensorsFile state, String prefix) throws IOException {
        var moments = new ArrayList<float[]>();
        for (int i = 0; i < names.size(); i++) {
            moments.add(floats(state, prefix + names.get(i), weights.get(i)));
        }
        return moments;
    }

    private static float[] floats(SafetensorsFile state, String name, NDArray array) throws IOException {
        return LearnerState.floats(state, name, array.getShape().getShape());
    }

    @Override
    public void close() {
        average.ifPresent(MovingAverage::close);
        optimizer.close();
        network.close();
    }
}
