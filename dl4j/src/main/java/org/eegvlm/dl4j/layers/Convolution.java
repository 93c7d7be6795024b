package org.eegvlm.dl4j.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deeplearning4j's convolution, computed by oneDNN. Its own way there is closed in 1.0.0-M2.1, which looks for a class that
 * has moved and falls back to matrices of patches: ten times slower.
 */
public final class Convolution extends ConvolutionLayer {

    private Convolution(Builder builder) {
        super(builder);
    }

    public static Convolution of(int from, int to, int kernel, int stride, int padding, boolean bias) {
        return new Convolution(new Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .nIn(from)
                .nOut(to)
                .hasBias(bias)
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

    private static final class Computation extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {

        Computation(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
            helper = new MKLDNNConvHelper(type);
        }

        /** The output, which on the way back nobody looks at. */
        @Override
        protected Pair<INDArray, INDArray> preOutput4d(
                boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
            return forBackprop ? new Pair<>(input, null) : super.preOutput4d(training, false, workspaces);
        }
    }
}
