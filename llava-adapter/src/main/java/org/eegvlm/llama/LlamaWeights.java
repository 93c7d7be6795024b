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

/** The frozen tensors of a decoder. Owns them until it is closed. */
final class LlamaWeights implements AutoCloseable {

    /** Input norm, q, k, v, o, post-attention norm, gate, up, down: the order of the kernels. */
    static final int TENSORS_PER_LAYER = 9;

    private final NDArray embedding;
    private final List<NDArray> layers = new ArrayList<>();
    private final NDArray norm;
    private final NDArray head;
    private final NDManager manager;
    private final NDArray frequencies;

    /** Tensors are read in the order in which a pass uses them; what was read is let go if a later one fails. */
    LlamaWeights(Checkpoint checkpoint, LlamaConfig config, Device device, DataType type) throws IOException {
        var source = new Source(checkpoint, device, type, new ArrayList<>());
        try {
            embedding = source.read("model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize());
            for (int layer = 0; layer < config.layers(); layer++) {
                readLayer(source, config, "model.layers.%d.".formatted(layer));
            }
            norm = source.read("model.norm.weight", config.hiddenSize());
            head = config.tiedEmbeddings()
                    ? embedding
                    : source.read("lm_head.weight", config.vocabularySize(), config.hiddenSize());
        } catch (IOException | RuntimeException e) {
            source.read().forEach(NDArray::close);
            throw e;
        }
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

    private void readLayer(Source source, LlamaConfig config, String layer) throws IOException {
        layers.add(source.read(layer + "input_layernorm.weight", config.hiddenSize()));
        for (var projection : Projection.values()) {
            if (projection == Projection.GATE) {
                layers.add(source.read(layer + "post_attention_layernorm.weight", config.hiddenSize()));
            }
            layers.add(source.read(
                    layer + projection.path() + ".weight",
                    projection.outputWidth(config),
                    projection.inputWidth(config)));
        }
    }

    private static int index(int layer, Projection projection) {
        int norms = projection.compareTo(Projection.GATE) < 0 ? 1 : 2;
        return layer * TENSORS_PER_LAYER + norms + projection.ordinal();
    }

    private record Source(Checkpoint checkpoint, Device device, DataType type, List<NDArray> read) {

        NDArray read(String name, long... shape) throws IOException {
            var tensor = checkpoint.tensor(name, device, type, shape);
            read.add(tensor);
            return tensor;
        }
    }
}
