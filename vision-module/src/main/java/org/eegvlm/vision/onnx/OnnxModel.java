package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.SleepStage;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.engine.NetworkConfig;

/** A backbone and its head as an ONNX model: pictures to features and logits, for any number of pictures. */
final class OnnxModel {

    static final String PICTURES = "pictures";
    static final String FEATURES = "features";
    static final String LOGITS = "logits";

    private OnnxModel() {}

    /**
     * @param metadata what the file says of itself
     * @throws IllegalArgumentException if the backbone is not exported
     * @throws org.eegvlm.core.MalformedDataException if a weight is missing
     */
    static ProtoMessage of(NetworkConfig network, SafetensorsFile weights, Map<String, String> metadata)
            throws IOException {
        var graph = new OnnxGraph(weights);
        int side = network.inputSize();
        var pictures = graph.input(PICTURES, network.channels(), side, side);
        var features = OnnxBackbone.named(network.architecture()).build(graph, network, pictures);
        if (network.projects()) {
            features = linear(graph, features, NetworkConfig.PROJECTION);
        }
        var logits = linear(graph, features, NetworkConfig.CLASSIFIER);
        graph.output(FEATURES, features, network.featureSize());
        graph.output(LOGITS, logits, SleepStage.values().length);
        return graph.model(metadata);
    }

    private static String linear(OnnxGraph graph, String x, String name) throws IOException {
        var inputs = List.of(x, graph.weight(name + ".weight"), graph.weight(name + ".bias"));
        return graph.add("Gemm", inputs, Attributes.of("transB", 1));
    }
}
