package org.eegvlm.dl4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Weights of one number a channel, by name, one after the other. */
record ChannelWeights(List<String> names, long channels) implements ParamInitializer {

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return names.size() * channels;
    }

    @Override
    public long numParams(Layer layer) {
        return names.size() * channels;
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return names;
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return names;
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String name) {
        return true;
    }

    @Override
    public boolean isBiasParam(Layer layer, String name) {
        return false;
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray weights, boolean initialize) {
        names.forEach(conf::addVariable);
        return views(weights);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradients) {
        return views(gradients);
    }

    private Map<String, INDArray> views(INDArray all) {
        var flat = all.reshape(all.length());
        var views = new LinkedHashMap<String, INDArray>();
        for (int i = 0; i < names.size(); i++) {
            views.put(names.get(i), flat.get(NDArrayIndex.interval(i * channels, (i + 1) * channels)));
        }
        return views;
    }
}
