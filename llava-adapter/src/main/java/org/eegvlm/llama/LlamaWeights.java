package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.Checkpoint.Wanted;

/**
 * The frozen tensors of a decoder. Owns them until it is closed.
 *
 * <p>A layer has nine, and, where projections are quantised, three more for each of the seven ({@link LayerReader}).
 */
final class LlamaWeights implements AutoCloseable {

    private final NDArray embedding;
    private final boolean quantized;
    private final int tensorsPerLayer;
    private final List<NDArray> layers;
    private final NDArray norm;
    private final NDArray head;
    private final NDManager manager;
    private final NDArray frequencies;

    LlamaWeights(Checkpoint checkpoint, LlamaConfig config, LayerReader reader, LayerPlacement placement, DataType type)
            throws IOException {
        var first = placement.layers().get(0);
        var last = placement.layers().get(config.layers() - 1);
        var read = new ArrayList<NDArray>();
        try {
            read.addAll(checkpoint.tensors(List.of(embedding(config)), first, type));
            for (int layer = 0; layer < config.layers(); layer++) {
                read.addAll(reader.read(layer, placement.layers().get(layer)));
            }
            boolean shared = config.tiedEmbeddings() && first.equals(last);
            read.addAll(checkpoint.tensors(tail(config, shared), last, type));
        } catch (IOException | RuntimeException e) {
            read.forEach(NDArray::close);
            throw e;
        }
        quantized = reader.quantized();
        tensorsPerLayer = reader.tensors();
        int inLayers = config.layers() * tensorsPerLayer;
        embedding = read.get(0);
        layers = new ArrayList<>(read.subList(1, 1 + inLayers));
        norm = read.get(1 + inLayers);
        head = read.size() > 2 + inLayers ? read.get(2 + inLayers) : embedding;
        manager = NDManager.newBaseManager(first, LlamaDecoder.ENGINE);
        frequencies = manager.create(
                config.rope().inverseFrequencies(config.attention().headDimension()));
        NDScope.unregister(frequencies);
    }

    NDArray embedding() {
        return embedding;
    }

    List<NDArray> layer(int layer) {
        return layers.subList(layer * tensorsPerLayer, (layer + 1) * tensorsPerLayer);
    }

    /** The tensors of all layers, one layer after another. */
    List<NDArray> layers() {
        return layers;
    }

    boolean quantized() {
        return quantized;
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

    private static Wanted embedding(LlamaConfig config) {
        return new Wanted("model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize());
    }

    /** @param shared whether the embedding serves as the head as well */
    private static List<Wanted> tail(LlamaConfig config, boolean shared) {
        var norm = new Wanted("model.norm.weight", config.hiddenSize());
        if (shared) {
            return List.of(norm);
        }
        var head = config.tiedEmbeddings() ? embedding(config).name() : "lm_head.weight";
        return List.of(norm, new Wanted(head, config.vocabularySize(), config.hiddenSize()));
    }

    private int index(int layer, Projection projection) {
        return layer * tensorsPerLayer + LayerReader.index(projection);
    }
}
