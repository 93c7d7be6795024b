package org.eegvlm.llama;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.Checkpoint.Wanted;

/** The frozen tensors of a decoder. Owns them until it is closed. */
final class LlamaWeights implements AutoCloseable {

    /** Input norm, q, k, v, o, post-attention norm, gate, up, down: the order of the kernels. */
    static final int TENSORS_PER_LAYER = 9;

    private final NDArray embedding;
    private final List<NDArray> layers;
    private final NDArray norm;
    private final NDArray head;
    private final NDManager manager;
    private final NDArray frequencies;

    LlamaWeights(Checkpoint checkpoint, LlamaConfig config, Device device, DataType type) throws IOException {
        int inLayers = config.layers() * TENSORS_PER_LAYER;
        var tensors = checkpoint.tensors(wanted(config), device, type);
        embedding = tensors.get(0);
        layers = new ArrayList<>(tensors.subList(1, 1 + inLayers));
        norm = tensors.get(1 + inLayers);
        head = config.tiedEmbeddings() ? embedding : tensors.get(2 + inLayers);
        manager = NDManager.newBaseManager(device, LlamaDecoder.ENGINE);
        frequencies = manager.create(
                config.rope().inverseFrequencies(config.attention().headDimension()));
        NDScope.unregister(frequencies);
    }

    NDArray embedding() {
        return embedding;
    }

    List<NDArray> layer(int layer) {
        return layers.subList(layer * TENSORS_PER_LAYER, (layer + 1) * TENSORS_PER_LAYER);
    }

    /** The tensors of all layers, one layer after another. */
    List<NDArray> layers() {
        return layers;
    }

    NDArray projection(int layer, Projection projection) {
        return layers.get(index(layer, projection));
    }

    /** Puts another tensor in the place of a projection's, which is closed. */
    void replace(int layer, Projection projection, NDArray weight) {
        layers.set(index(layer, projection), weight).close();
    }

    NDArray norm() {
        return norm;
    }

    NDArray head() {
        return head;
    }

    NDArray frequencies() {
        return frequencies;
    }

    @Override
    public void close() {
        embedding.close();
        layers.forEach(NDArray::close);
        norm.close();
        head.close();
        manager.close();
    }

    /** All tensors, in the order in which a pass uses them. */
    private static List<Wanted> wanted(LlamaConfig config) {
        var wanted = new ArrayList<Wanted>();
        wanted.add(new Wanted("model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize()));
        for (int layer = 0; layer < config.layers(); layer++) {
            addLayer(wanted, config, "model.layers.%d.".formatted(layer));
        }
        wanted.add(new Wanted("model.norm.weight", config.hiddenSize()));
        if (!config.tiedEmbeddings()) {
            wanted.add(new Wanted("lm_head.weight", config.vocabularySize(), config.hiddenSize()));
        }
        return wanted;
    }

    private static void addLayer(List<Wanted> wanted, LlamaConfig config, String layer) {
        wanted.add(new Wanted(layer + "input_layernorm.weight", config.hiddenSize()));
        for (var projection : Projection.values()) {
            if (projection == Projection.GATE) {
                wanted.add(new Wanted(layer + "post_attention_layernorm.weight", config.hiddenSize()));
            }
            wanted.add(new Wanted(
                    layer + projection.path() + ".weight",
                    projection.outputWidth(config),
                    projection.inputWidth(config)));
        }
    }

    private static int index(int layer, Projection projection) {
        int norms = projection.compareTo(Projection.GATE) < 0 ? 1 : 2;
        return layer * TENSORS_PER_LAYER + norms + projection.ordinal();
    }
}
