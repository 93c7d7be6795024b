package org.eegvlm.dl4j.layers;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deeplearning4j's batch norm, computed by oneDNN as {@link Convolution} is, with PyTorch's running variance: that of a
 * sample, divided by n − 1, where Deeplearning4j divides by n.
 */
public final class BatchNorm extends BatchNormalization {

    public BatchNorm(int channels) {
        setNIn(channels);
        setNOut(channels);
        setUseLogStd(false);
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

    private static final class Computation extends org.deeplearning4j.nn.layers.normalization.BatchNormalization {

        private final MKLDNNBatchNormHelper oneDnn;

        Computation(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
            oneDnn = new MKLDNNBatchNormHelper(type);
        }

        @Override
        public INDArray preOutput(INDArray x, TrainingMode mode, LayerWorkspaceMgr workspaces) {
            return oneDnn.preOutput(
                    x,
                    mode == TrainingMode.TRAIN,
                    x.shape(),
                    getParam(GAMMA),
                    getParam(BETA),
                    getParam(GLOBAL_MEAN),
                    getParam(GLOBAL_VAR),
                    layerConf().getDecay(),
                    layerConf().getEps(),
                    CNN2DFormat.NCHW,
                    workspaces);
        }

        /** What is to be subtracted from a running statistic stands among the gradients: (1 − decay)(old − new). */
        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray gradient, LayerWorkspaceMgr workspaces) {
            assertInputSet(true);
            var result = oneDnn.backpropGradient(
                    input,
                    gradient,
                    input.shape(),
                    getParam(GAMMA),
                    getParam(BETA),
                    gradientViews.get(GAMMA),
                    gradientViews.get(BETA),
                    layerConf().getEps(),
                    CNN2DFormat.NCHW,
                    workspaces);
            double count = input.length() / (double) layerConf().getNOut();
            change(result.getFirst(), GLOBAL_MEAN, oneDnn.getMeanCache(dataType), 1);
            change(result.getFirst(), GLOBAL_VAR, oneDnn.getVarCache(dataType), count / (count - 1));
            return result;
        }

        private void change(Gradient gradient, String statistic, INDArray batch, double factor) {
            var view = Objects.requireNonNull(gradientViews.get(statistic));
            view.assign(getParam(statistic))
                    .subi(batch.mul(factor).reshape(view.shape()))
                    .muli(1 - layerConf().getDecay());
            gradient.setGradientFor(statistic, view);
        }
    }
}
