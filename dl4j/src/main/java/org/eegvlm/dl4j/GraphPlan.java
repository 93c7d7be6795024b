package org.eegvlm.dl4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.eegvlm.dl4j.layers.BatchNorm;
import org.eegvlm.dl4j.layers.Convolution;
import org.eegvlm.dl4j.layers.DepthwiseConvolution;
import org.eegvlm.dl4j.layers.ExactGelu;
import org.eegvlm.dl4j.layers.LayerNorm;
import org.eegvlm.dl4j.layers.LayerScale;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Collects the layers of a network. A layer's name is that of PyTorch's module, so that its weights' names follow; each
 * method returns it, to be the input of the next.
 */
final class GraphPlan {

    /** The input: pictures [N, channels, S, S]. */
    static final String PICTURES = "pictures";

    private static final String LOSS = "loss";

    private final ComputationGraphConfiguration.GraphBuilder builder;
    private final Map<String, LayerKind> weighted = new LinkedHashMap<>();

    GraphPlan() {
        // The weights are given from without, and moved from without.
        builder = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs(PICTURES);
    }

    /** A convolution that keeps the size but for its stride; no bias, as a batch norm follows. */
    String convolution(String name, String input, int from, int to, int kernel, int stride) {
        return weighted(
                name, LayerKind.CONVOLUTION, Convolution.of(from, to, kernel, stride, kernel / 2, false), input);
    }

    /** A convolution over tiles that do not overlap. */
    String tiles(String name, String input, int from, int to, int side) {
        return weighted(name, LayerKind.CONVOLUTION, Convolution.of(from, to, side, side, 0, true), input);
    }

    /** A linear layer over the channels of each pixel. */
    String pixelwise(String name, String input, int from, int to) {
        return weighted(name, LayerKind.PIXELWISE, Convolution.of(from, to, 1, 1, 0, true), input);
    }

    /** A convolution of each channel by itself that keeps the size. */
    String depthwise(String name, String input, int channels, int kernel) {
        return weighted(name, LayerKind.DEPTHWISE, DepthwiseConvolution.of(channels, kernel), input);
    }

    String batchNorm(String name, String input, int channels) {
        return weighted(name, LayerKind.BATCH_NORM, new BatchNorm(channels), input);
    }

    String layerNorm(String name, String input, int channels) {
        return weighted(name, LayerKind.LAYER_NORM, new LayerNorm(channels), input);
    }

    String layerScale(String name, String input, int channels) {
        return weighted(name, LayerKind.LAYER_SCALE, new LayerScale(channels), input);
    }

    String linear(String name, String input, int from, int to) {
        return weighted(
                name,
                LayerKind.LINEAR,
                new DenseLayer.Builder()
                        .nIn(from)
                        .nOut(to)
                        .activation(Activation.IDENTITY)
                        .build(),
                input);
    }

    String relu(String input) {
        return activation(input + ".relu", input, new ActivationReLU());
    }

    String gelu(String input) {
        return activation(input + ".gelu", input, new ExactGelu());
    }

    String add(String input, String other) {
        var name = input + ".sum";
        builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), input, other);
        return name;
    }

    String maxPool(String input) {
        var name = input + ".pool";
        builder.addLayer(
                name,
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .padding(1, 1)
                        .build(),
                input);
        return name;
    }

    /** The mean over the picture: [N, C, H, W] to [N, C]. */
    String mean(String input) {
        var name = input + ".mean";
        builder.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), input);
        return name;
    }

    /** The layers that have weights, in the order they were added. */
    Map<String, LayerKind> weighted() {
        return Collections.unmodifiableMap(weighted);
    }

    /** Whether it takes statistics of the pictures that go through at once. */
    boolean normsOverPictures() {
        return weighted.containsValue(LayerKind.BATCH_NORM);
    }

    /** @param logits the layer that the loss is taken of */
    ComputationGraphConfiguration configuration(String logits) {
        builder.addLayer(LOSS, new LossLayer.Builder(new SoftTargetLoss()).build(), logits);
        return builder.setOutputs(LOSS).build();
    }

    private String weighted(String name, LayerKind kind, Layer layer, String input) {
        builder.addLayer(name, layer, input);
        weighted.put(name, kind);
        return name;
    }

    private String activation(String name, String input, IActivation function) {
        builder.addLayer(name, new ActivationLayer(function), input);
        return name;
    }
}
