package org.eegvlm.dl4j;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.eegvlm.kernels.MovingAverage;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.Examples;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.LearnerState;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageLearner;

/** Teaches a {@link StageGraph}: the graph tells the gradients, and AdamW and the average work on its one long array. */
final class GraphLearner implements StageLearner {

    private final StageGraph graph;
    private final AdamW optimizer;
    private final double averaging;
    private final int atOnce;
    private final Optional<FloatBuffer> average;
    private long step;

    /** @param graph is closed with this learner */
    GraphLearner(StageGraph graph, LearnerConfig config) {
        this.graph = graph;
        averaging = config.averaging();
        atOnce = config.atOnce();
        optimizer = new AdamW(graph.weights(), graph.numbers().capacity(), config.weightDecay());
        average = averaging > 0 ? Optional.of(copy(graph.numbers())) : Optional.empty();
    }

    @Override
    public double step(PictureBatch pictures, float[] targets, double learningRate) {
        var parts = new Examples(pictures, targets).parts(atOnce);
        boolean whole = parts.size() == 1;
        var sums = FloatBuffer.allocate(whole ? 0 : graph.numbers().capacity());
        double loss = 0;
        for (var part : parts) {
            loss += graph.learn(part.pictures(), part.targets()) * part.count() / pictures.count();
            moveStatistics();
            add(graph.gradients(), sums);
        }
        if (!Double.isFinite(loss)) {
            throw new IllegalArgumentException(
                    "the loss became %s at step %d; use a smaller learning rate".formatted(loss, step));
        }
        step++;
        optimizer.update(graph.numbers(), whole ? graph.gradients() : sums, pictures.count(), step, learningRate);
        average.ifPresent(this::follow);
        return loss;
    }

    /** By what stands among the gradients, for the pictures that have just gone through. */
    private void moveStatistics() {
        var numbers = graph.numbers();
        var changes = graph.gradients();
        for (var weight : graph.weights()) {
            if (!weight.trained()) {
                for (int i = weight.offset(); i < weight.offset() + weight.size(); i++) {
                    numbers.put(i, numbers.get(i) - changes.get(i));
                }
            }
        }
    }

    private static void add(FloatBuffer terms, FloatBuffer sums) {
        for (int i = 0; i < sums.capacity(); i++) {
            sums.put(i, sums.get(i) + terms.get(i));
        }
    }

    /** Running statistics are averaged, too. */
    private void follow(FloatBuffer means) {
        float share = (float) MovingAverage.share(averaging, step);
        var numbers = graph.numbers();
        for (int i = 0; i < means.capacity(); i++) {
            means.put(i, means.get(i) + share * (numbers.get(i) - means.get(i)));
        }
    }

    @Override
    public Output apply(PictureBatch pictures) {
        return averaged(() -> graph.apply(pictures));
    }

    /** With the averages where the weights are. */
    private <T> T averaged(Supplier<T> work) {
        if (average.isEmpty()) {
            return work.get();
        }
        var last = copy(graph.numbers());
        graph.numbers().put(0, average.get(), 0, last.capacity());
        try {
            return work.get();
        } finally {
            graph.numbers().put(0, last, 0, last.capacity());
        }
    }

    @Override
    public Map<String, TensorData> weights() {
        var numbers = average.orElse(graph.numbers());
        var weights = new LinkedHashMap<String, TensorData>();
        for (var weight : graph.weights()) {
            weights.put(weight.name(), TensorData.f32(weight.read(numbers), weight.shape()));
        }
        return weights;
    }

    @Override
    public void begin(Map<String, TensorData> given) {
        graph.begin(given);
        average.ifPresent(means -> given.keySet()
                .forEach(name -> graph.weights().stream()
                        .filter(weight -> weight.name().equals(name))
                        .forEach(weight -> weight.write(weight.read(graph.numbers()), means))));
    }

    @Override
    public long steps() {
        return step;
    }

    @Override
    public void save(Path file, Map<String, String> words) throws IOException {
        var shapes = new LinkedHashMap<String, long[]>();
        var values = new LinkedHashMap<String, Supplier<float[]>>();
        parts().forEach((prefix, numbers) -> {
            for (var weight : graph.weights()) {
                if (belongs(weight, prefix)) {
                    shapes.put(prefix + weight.name(), weight.shape());
                    values.put(prefix + weight.name(), () -> weight.read(numbers));
                }
            }
        });
        LearnerState.write(
                file, shapes, name -> Objects.requireNonNull(values.get(name)).get(), step, words);
    }

    @Override
    public void restore(SafetensorsFile state) throws IOException {
        for (var part : parts().entrySet()) {
            for (var weight : graph.weights()) {
                if (belongs(weight, part.getKey())) {
                    weight.write(
                            LearnerState.floats(state, part.getKey() + weight.name(), weight.shape()), part.getValue());
                }
            }
        }
        step = LearnerState.step(state);
    }

    /** All that a training goes on from. */
    private Map<String, FloatBuffer> parts() {
        var parts = new LinkedHashMap<String, FloatBuffer>();
        parts.put(LearnerState.MODEL, graph.numbers());
        parts.put(LearnerState.FIRST_MOMENT, optimizer.firstMoments());
        parts.put(LearnerState.SECOND_MOMENT, optimizer.secondMoments());
        average.ifPresent(means -> parts.put(LearnerState.AVERAGE, means));
        return parts;
    }

    private static boolean belongs(Weight weight, String prefix) {
        return weight.trained() || prefix.equals(LearnerState.MODEL) || prefix.equals(LearnerState.AVERAGE);
    }

    private static FloatBuffer copy(FloatBuffer numbers) {
        return FloatBuffer.allocate(numbers.capacity()).put(0, numbers, 0, numbers.capacity());
    }

    @Override
    public void close() {
        graph.close();
    }
}
