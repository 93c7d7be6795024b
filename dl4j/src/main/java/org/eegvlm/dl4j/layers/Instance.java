package org.eegvlm.dl4j.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every layer's {@code instantiate} does. */
final class Instance {

    private Instance() {}

    static Layer prepared(
            Layer layer,
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray weights,
            boolean initialize) {
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(weights);
        layer.setParamTable(conf.getLayer().initializer().init(conf, weights, initialize));
        layer.setConf(conf);
        return layer;
    }
}
