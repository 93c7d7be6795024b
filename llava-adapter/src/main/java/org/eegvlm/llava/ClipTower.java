package org.eegvlm.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eegvlm.checkpoint.Checkpoint.Wanted;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.Tensors;

/**
 * CLIP's vision transformer (Radford et al. 2021, arXiv:2103.00020) up to the hidden state that LLaVA reads. Frozen.
 *
 * <p>Owns its weights until it is closed. Layers behind the selected hidden state are not even loaded.
 */
public final class ClipTower implements AutoCloseable {

    /** How many tensors come before the layers'. */
    private static final int STEM = 5;

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
        var wanted = wanted(config, depth);
        var tensors = source.checkpoint().tensors(wanted, kernels.device(), type);
        return new ClipTower(kernels, config, tensors.subList(0, STEM), tensors.subList(STEM, tensors.size()));
    }

    /** The {@link #STEM} and the given number of layers, in the order of the kernels. */
    private static List<Wanted> wanted(ClipConfig config, int depth) {
        long width = config.width();
        long patch = config.patchSize();
        var wanted = new ArrayList<Wanted>();
        wanted.add(new Wanted(KeyLayout.TOWER + "embeddings.class_embedding", width));
        wanted.add(new Wanted(KeyLayout.TOWER + "embeddings.patch_embedding.weight", width, 3, patch, patch));
        wanted.add(new Wanted(KeyLayout.TOWER + "embeddings.position_embedding.weight", config.patches() + 1, width));
        wanted.add(new Wanted(KeyLayout.TOWER + "pre_layrnorm.weight", width)); // CLIP's own spelling
        wanted.add(new Wanted(KeyLayout.TOWER + "pre_layrnorm.bias", width));
        for (int layer = 0; layer < depth; layer++) {
            for (var part : LAYER) {
                var name = KeyLayout.TOWER + "encoder.layers." + layer + "." + part;
                long rows = part.equals("mlp.fc1") ? config.intermediate() : width;
                long columns = part.equals("mlp.fc2") ? config.intermediate() : width;
                wanted.add(
                        part.startsWith("layer_norm")
                                ? new Wanted(name + ".weight", rows)
                                : new Wanted(name + ".weight", rows, columns));
                wanted.add(new Wanted(name + ".bias", rows));
            }
        }
        return wanted;
    }

    /**
     * @param pixels [N, 3, S, S] in the tower's element type, S = {@link #imageSize()}
     * @return [N, P, width] without the class token; belongs to the innermost scope
     */
    public NDArray features(NDArray pixels) {
        return kernels.tensor("tower", pixels, stem, layers, config.heads(), config.layerNormEps(), config.quickGelu());
    }

    /** SHA-256 of its shape and of all weights up to the layer whose output it gives. */
    String sha256() {
        var parts = new ArrayList<byte[]>();
        parts.add(config.toString().getBytes(StandardCharsets.UTF_8));
        Stream.concat(stem.stream(), layers.stream())
                .map(ClipTower::sha256)
                .forEach(each -> parts.add(each.getBytes(StandardCharsets.UTF_8)));
        return Sha256.of(parts.toArray(byte[][]::new));
    }

    private static String sha256(NDArray tensor) {
        var values = Tensors.floats(tensor);
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.asFloatBuffer().put(values);
        return Sha256.of(bytes.array());
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
}
