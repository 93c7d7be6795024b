package org.eegvlm.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Names a graph's weights as PyTorch's {@code state_dict} does. */
final class GraphWeights {

    private static final String RUNNING = "running_";

    private GraphWeights() {}

    /** @param layers that have weights, in PyTorch's order */
    static List<Weight> of(ComputationGraph graph, Map<String, LayerKind> layers) {
        var weights = new ArrayList<Weight>();
        layers.forEach((layer, kind) -> {
            var table = graph.getLayer(layer).paramTable();
            kind.words().forEach((ours, torchs) -> {
                var array = table.get(ours);
                if (array != null) { // a convolution may have no bias
                    weights.add(weight(layer + "." + torchs, kind, array));
                }
            });
        });
        return List.copyOf(weights);
    }

    private static Weight weight(String name, LayerKind kind, INDArray array) {
        boolean matrix = array.rank() > 1 && array.size(0) > 1;
        return new Weight(
                name,
                matrix ? kind.torchShape(array.shape()) : new long[] {array.length()},
                Math.toIntExact(array.offset()),
                Math.toIntExact(array.length()),
                kind == LayerKind.DEPTHWISE && matrix,
                !name.contains(RUNNING));
    }
}
