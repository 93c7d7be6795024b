package org.eegvlm.llava;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.Kernels;

/**
 * CLIP's vision transformer (Radford et al. 2021, arXiv:2103.00020) up to the hidden state that LLaVA reads. Frozen.
 *
 * <p>Owns its weights until it is closed. Layers behind the selected hidden state are not even loaded.
 */
public final class ClipTower implements AutoCloseable {

    private static final List<String> LAYER = List.of(
            "layer_norm1",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.out_proj",
            "layer_norm2",
            "mlp.fc1",
            "mlp.fc2");

    private final Kernels kernels;
    private final ClipConfig config;
    private final List<NDArray> stem;
    private final List<NDArray> layers;

    private ClipTower(Kernels kernels, ClipConfig config, List<NDArray> stem, List<NDArray> layers) {
        this.kernels = kernels;
        this.config = config;
        this.stem = stem;
        this.layers = layers;
    }

    /**
     * @param selectLayer which of the {@code layers + 1} hidden states; negative counts from the end
     * @throws MalformedDataException naming a tensor that is missing or has another shape
     */
    static ClipTower load(Kernels kernels, VisionSource source, int selectLayer, DataType type) throws IOException {
        var config = source.config();
        int depth = selectLayer < 0 ? config.layers() + 1 + selectLayer : selectLayer;
        if (depth < 0 || depth > config.layers()) {
            throw new MalformedDataException(
                    source.checkpoint().configFile(),
                    "has %d layers; mm_vision_select_layer asks for hidden state %d"
                            .formatted(config.layers(), selectLayer));
        }
        var reader = new Reader(source, kernels.device(), type);
        long width = config.width();
        long patch = config.patchSize();
        reader.read("embeddings.class_embedding", width);
        reader.read("embeddings.patch_embedding.weight", width, 3, patch, patch);
        reader.read("embeddings.position_embedding.weight", config.patches() + 1, width);
        reader.read("pre_layrnorm.weight", width); // CLIP's own spelling
        reader.read("pre_layrnorm.bias", width);
        var stem = reader.taken();
        for (int layer = 0; layer < depth; layer++) {
            for (var name : LAYER) {
                var prefix = "encoder.layers." + layer + "." + name;
                long rows = name.equals("mlp.fc1") ? config.intermediate() : width;
                if (name.startsWith("layer_norm")) {
                    reader.read(prefix + ".weight", rows);
                } else {
                    reader.read(prefix + ".weight", rows, name.equals("mlp.fc2") ? config.intermediate() : width);
                }
                reader.read(prefix + ".bias", rows);
            }
        }
        return new ClipTower(kernels, config, stem, reader.taken());
    }

    /**
     * @param pixels [N, 3, S, S] in the tower's element type, S = {@link #imageSize()}
     * @return [N, P, width] without the class token; belongs to the innermost scope
     */
    public NDArray features(NDArray pixels) {
        return kernels.tensor("tower", pixels, stem, layers, config.heads(), config.layerNormEps(), config.quickGelu());
    }

    /** P, how many rows a picture has. */
    public int patches() {
        return config.patches();
    }

    public int width() {
        return config.width();
    }

    /** The side of the square picture it takes, in pixels. */
    public int imageSize() {
        return config.imageSize();
    }

    @Override
    public void close() {
        stem.forEach(NDArray::close);
        layers.forEach(NDArray::close);
    }

    /** Collects tensors in the order in which they are asked for. */
    private static final class Reader {
        private final VisionSource source;
        private final Device device;
        private final DataType type;
        private List<NDArray> tensors = new ArrayList<>();

        Reader(VisionSource source, Device device, DataType type) {
            this.source = source;
            this.device = device;
            this.type = type;
        }

        void read(String name, long... shape) throws IOException {
            var tensor = source.checkpoint().tensor(source.prefix() + name, device, type, shape);
            NDScope.unregister(tensor);
            tensors.add(tensor);
        }

        List<NDArray> taken() {
            var taken = List.copyOf(tensors);
            tensors = new ArrayList<>();
            return taken;
        }
    }
}
