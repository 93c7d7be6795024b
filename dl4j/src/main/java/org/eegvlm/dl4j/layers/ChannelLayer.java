package org.eegvlm.dl4j.layers;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that keeps the shape, [N, C, H, W] or [N, C], and has a few weights for each channel. It computes one picture at
 * a time, in Java: an array of C · P numbers in C order, where P is the number of pixels.
 */
abstract class ChannelLayer extends BaseLayer {

    private final ChannelWeights weights;

    ChannelLayer(int channels, String... names) {
        weights = new ChannelWeights(List.of(names), channels);
    }

    /**
     * @param x a picture
     * @param weights in the order of their names
     * @return as much
     */
    abstract float[] forward(float[] x, float[][] weights);

    /**
     * @param x the picture that went in
     * @param dy the loss's gradient by what came out
     * @param dw takes the gradients by the weights, in the order of their names; zeros before
     * @return the gradient by x
     */
    abstract float[] backward(float[] x, float[] dy, float[][] weights, float[][] dw);

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialize,
            DataType type) {
        return Instance.prepared(new ChannelComputation(conf, type), conf, listeners, index, view, initialize);
    }

    @Override
    public ParamInitializer initializer() {
        return weights;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        return input;
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        // The channels are known.
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return false;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        throw new UnsupportedOperationException("nobody asks for it");
    }
}
