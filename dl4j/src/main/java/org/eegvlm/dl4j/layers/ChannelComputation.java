package org.eegvlm.dl4j.layers;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link ChannelLayer} over the pictures of a batch, on all processors, to the same bits whatever their number. */
final class ChannelComputation extends BaseLayer<ChannelLayer> {

    ChannelComputation(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        var output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, input.shape(), 'c');
        var pictures = NativeFloats.of(input);
        var results = NativeFloats.of(output);
        var weights = weights();
        int size = size();
        IntStream.range(0, count()).parallel().forEach(n -> {
            var y = layerConf().forward(pictures.read(n * size, size), weights);
            results.write(n * size, y);
        });
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray gradient, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        var output = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
        var pictures = NativeFloats.of(input);
        var gradients = NativeFloats.of(gradient);
        var results = NativeFloats.of(output);
        var weights = weights();
        int size = size();
        var byWeights = new float[count()][weights.length][weights[0].length];
        IntStream.range(0, count()).parallel().forEach(n -> {
            var x = pictures.read(n * size, size);
            var dx = layerConf().backward(x, gradients.read(n * size, size), weights, byWeights[n]);
            results.write(n * size, dx);
        });
        return new Pair<>(summed(byWeights), output);
    }

    private Gradient summed(float[][][] byWeights) {
        var gradient = new DefaultGradient();
        int place = 0;
        for (var view : gradientViews.entrySet()) {
            var sum = new float[byWeights[0][place].length];
            for (var picture : byWeights) {
                for (int c = 0; c < sum.length; c++) {
                    sum[c] += picture[place][c];
                }
            }
            NativeFloats.of(view.getValue()).write(0, sum);
            gradient.setGradientFor(view.getKey(), view.getValue());
            place++;
        }
        return gradient;
    }

    private float[][] weights() {
        return params.values().stream()
                .map(weight -> NativeFloats.of(weight).read(0, Math.toIntExact(weight.length())))
                .toArray(float[][]::new);
    }

    private int count() {
        return Math.toIntExact(input.size(0));
    }

    private int size() {
        return Math.toIntExact(input.length() / input.size(0));
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
