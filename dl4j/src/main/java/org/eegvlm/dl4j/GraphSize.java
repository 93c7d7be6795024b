package org.eegvlm.dl4j;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * How many numbers a graph holds.
 *
 * @param weights all of them
 * @param kept what its layers make of one picture
 * @param widest what the layer makes that makes the most
 */
record GraphSize(long weights, long kept, long widest) {

    static GraphSize of(NetworkConfig network) {
        var plan = new GraphPlan();
        StageGraph.layers(plan, network);
        var graph = plan.configuration(NetworkConfig.CLASSIFIER);
        int side = network.inputSize();
        var made =
                graph.getLayerActivationTypes(InputType.convolutional(side, side, network.channels())).values().stream()
                        .mapToLong(InputType::arrayElementsPerExample)
                        .summaryStatistics();
        long weights = graph.getVertices().values().stream()
                .mapToLong(vertex -> vertex.numParams(true))
                .sum();
        return new GraphSize(weights, made.getSum(), made.getMax());
    }
}
