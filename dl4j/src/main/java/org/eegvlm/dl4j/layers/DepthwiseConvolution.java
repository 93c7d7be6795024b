package org.eegvlm.dl4j.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.layers.convolution.DepthwiseConvolution2DLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Deeplearning4j's convolution of each channel by itself, which does not compute its output anew on the way back. */
public final class DepthwiseConvolution extends DepthwiseConvolution2D {

    private DepthwiseConvolution(Builder builder) {
        super(builder);
    }

    /** Keeps the size; the kernel's side is odd. */
    public static DepthwiseConvolution of(int channels, int kernel) {
        return new DepthwiseConvolution(new Builder(kernel, kernel)
                .padding(kernel / 2, kernel / 2)
                .nIn(channels)
                .nOut(channels)
                .activation(new NoActivation()));
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray weights,
            boolean initialize,
            DataType type) {
        return Instance.prepared(new Computation(conf, type), conf, listeners, index, weights, initialize);
    }

    private static final class Computation extends DepthwiseConvolution2DLayer {

        Computation(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
        }

        /** The output, which on the way back nobody looks at. */
        @Override
        protected Pair<INDArray, INDArray> preOutput4d(
                boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
            return forBackprop ? new Pair<>(input, null) : super.preOutput4d(training, false, workspaces);
        }
    }
}
