package org.eegvlm.dl4j;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.eegvlm.core.SleepStage;
import org.eegvlm.dl4j.layers.NativeFloats;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.LearnerState;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageEncoder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A backbone with its head as a computation graph: pictures [N, 3, S, S] to features [N, 1024] and logits [N, 5]. */
final class StageGraph implements StageEncoder {

    private final NetworkConfig network;
    private final ComputationGraph graph;
    private final String features;
    private final List<Weight> weights;
    private final FloatBuffer numbers;

    private StageGraph(NetworkConfig network) {
        this.network = network;
        var plan = new GraphPlan();
        features = layers(plan, network);
        graph = new ComputationGraph(plan.configuration(NetworkConfig.CLASSIFIER));
        graph.init();
        weights = GraphWeights.of(graph, plan.weighted());
        numbers = NativeFloats.of(graph.params()).buffer();
    }

    /**
     * Plans all layers, the last of which is {@link NetworkConfig#CLASSIFIER}.
     *
     * @return the name of the one that makes the features
     * @throws IllegalArgumentException if this engine has no such network
     */
    static String layers(GraphPlan plan, NetworkConfig network) {
        var pooled = GraphBackbone.named(network.architecture()).layers(plan, network);
        var features = network.projects()
                ? plan.linear(NetworkConfig.PROJECTION, pooled, network.width(), network.featureSize())
                : pooled;
        plan.linear(NetworkConfig.CLASSIFIER, features, network.featureSize(), SleepStage.values().length);
        return features;
    }

    /**
     * A network whose weights are still to be given.
     *
     * @throws IllegalArgumentException if this engine has no such network
     */
    static StageGraph of(NetworkConfig network) {
        return new StageGraph(network);
    }

    /** A network that has learnt nothing; the same seed gives the same weights. */
    static StageGraph fresh(NetworkConfig network, long seed) {
        var fresh = new StageGraph(network);
        var named = fresh.weights.stream().collect(Collectors.toMap(Weight::name, Function.identity()));
        FirstWeights.draw(
                fresh.shapes(),
                GraphBackbone.named(network.architecture()).firstWeights(),
                seed,
                (name, values) -> Objects.requireNonNull(named.get(name)).write(values, fresh.numbers));
        return fresh;
    }

    @Override
    public Output apply(PictureBatch pictures) {
        var made = graph.output(
                List.of(features, NetworkConfig.CLASSIFIER), false, new INDArray[] {input(pictures)}, null);
        return new Output(floats(made[0]), floats(made[1]));
    }

    /**
     * The way there and back of a training step; batch norm takes its statistics from these pictures.
     *
     * @param targets [count, 5] in C order
     * @return the mean loss; the gradients are left in {@link #gradients()}
     */
    double learn(PictureBatch pictures, float[] targets) {
        graph.setInputs(input(pictures));
        graph.setLabels(Nd4j.create(targets, new long[] {pictures.count(), targets.length / pictures.count()}, 'c'));
        graph.computeGradientAndScore();
        return graph.score();
    }

    /** All weights' numbers; what is written there is what the network computes with. */
    FloatBuffer numbers() {
        return numbers;
    }

    /**
     * In the places of {@link #numbers()}: of a trained weight, the sum of the pictures' gradients; of a running statistic,
     * what is to be subtracted from it.
     */
    FloatBuffer gradients() {
        return NativeFloats.of(graph.getGradientsViewArray()).buffer();
    }

    List<Weight> weights() {
        return weights;
    }

    Map<String, long[]> shapes() {
        var shapes = new LinkedHashMap<String, long[]>();
        weights.forEach(weight -> shapes.put(weight.name(), weight.shape()));
        return shapes;
    }

    /** @throws IllegalArgumentException if there is no weight of a name and shape */
    void begin(Map<String, TensorData> given) {
        given.forEach((name, tensor) -> {
            var weight = weights.stream()
                    .filter(each -> each.name().equals(name)
                            && Arrays.equals(each.shape(), tensor.spec().shape()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the network has no weight '%s' %s"
                            .formatted(name, Arrays.toString(tensor.spec().shape()))));
            weight.write(tensor.floats(), numbers);
        });
    }

    /** @throws org.eegvlm.core.MalformedDataException if a weight is missing or has another shape */
    void restore(SafetensorsFile file, String prefix) throws IOException {
        for (var weight : weights) {
            weight.write(LearnerState.floats(file, prefix + weight.name(), weight.shape()), numbers);
        }
    }

    private INDArray input(PictureBatch pictures) {
        network.requireFor(pictures);
        int side = network.inputSize();
        return Nd4j.create(pictures.values(), new long[] {pictures.count(), network.channels(), side, side}, 'c');
    }

    private static float[] floats(INDArray array) {
        return NativeFloats.of(array).read(0, Math.toIntExact(array.length()));
    }

    @Override
    public void close() {
        graph.close();
    }
}
