package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A checkpoint of Karpathy's llama2.c in its first version: seven int32, then float32 tensors in a fixed order.
 *
 * <p>Tensors have the names that transformers gives them. llama2.c turns neighbouring rows of a head's queries and keys
 * into each other, transformers row j and row j + half; so those two are views that take the even rows of a head first.
 * The tables of sines and cosines in the file are left out.
 */
public final class Llama2cFile implements TensorFile {

    private static final int HEADER_BYTES = 7 * Integer.BYTES;

    /** Starts the later versions, which no program here reads. */
    private static final int LATER_VERSION = 0x616b3432;

    private static final String LAYER = "model.layers.%d.";

    private final Path file;
    private final Header header;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, TensorView> views = new LinkedHashMap<>();
    private long next = HEADER_BYTES;

    /** The shape of the model. */
    public record Header(
            int hidden, int intermediate, int layers, int heads, int keyValueHeads, int vocabulary, int positions) {

        private static final int MOST_LAYERS = 1024;
        private static final int LARGEST = 1 << 24;

        public Header {
            requireIn("dim", hidden, LARGEST);
            requireIn("hidden_dim", intermediate, LARGEST);
            requireIn("n_layers", layers, MOST_LAYERS);
            requireIn("n_heads", heads, LARGEST);
            requireIn("n_kv_heads", keyValueHeads, LARGEST);
            requireIn("vocab_size", vocabulary, LARGEST);
            requireIn("seq_len", positions, LARGEST);
            if (hidden % heads != 0 || heads % keyValueHeads != 0 || hidden / heads % 2 != 0) {
                throw new IllegalArgumentException("%d dimensions, %d heads and %d key-value heads do not go together"
                        .formatted(hidden, heads, keyValueHeads));
            }
        }

        int headDimension() {
            return hidden / heads;
        }

        private static void requireIn(String field, int value, int largest) {
            if (value < 1 || value > largest) {
                throw new IllegalArgumentException("%s must be in 1..%d, was %d".formatted(field, largest, value));
            }
        }
    }

    private Llama2cFile(Path file, Header header) {
        this.file = file;
        this.header = header;
    }

    /** @throws MalformedTensorException if the header is out of bounds, or does not fit the file's size */
    public static Llama2cFile open(Path path) throws IOException {
        long size = Files.size(path);
        if (size < HEADER_BYTES) {
            throw new MalformedTensorException(path, "byte 0", "too short for a llama2.c checkpoint");
        }
        var bytes = FileBytes.read(path, 0, HEADER_BYTES);
        if (bytes.getInt(0) == LATER_VERSION) {
            throw new MalformedTensorException(
                    path, "byte 0", "llama2.c's later versions are not read; export it with --version 0, or to -hf");
        }
        int vocabulary = bytes.getInt(5 * Integer.BYTES);
        try {
            var file = new Llama2cFile(
                    path,
                    new Header(
                            bytes.getInt(),
                            bytes.getInt(),
                            bytes.getInt(),
                            bytes.getInt(),
                            bytes.getInt(),
                            Math.abs(bytes.getInt()),
                            bytes.getInt()));
            file.place(vocabulary < 0);
            if (file.next != size) {
                throw new IllegalArgumentException(
                        "its sizes ask for %d bytes, the file has %d".formatted(file.next, size));
            }
            return file;
        } catch (IllegalArgumentException e) {
            throw new MalformedTensorException(path, "header", "no llama2.c checkpoint: " + e.getMessage());
        }
    }

    public Header header() {
        return header;
    }

    @Override
    public Path path() {
        return file;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public TensorView view(String name) {
        var shape = tensor(name).shape();
        return views.getOrDefault(name, TensorView.dense(shape));
    }

    /** The order of llama2.c's memory_map_weights. */
    private void place(boolean ownHead) {
        long hidden = header.hidden();
        long keyValueWidth = (long) header.keyValueHeads() * header.headDimension();
        add("model.embed_tokens.weight", header.vocabulary(), hidden);
        addToLayers("input_layernorm.weight", hidden);
        addToLayers("self_attn.q_proj.weight", hidden, hidden);
        addToLayers("self_attn.k_proj.weight", keyValueWidth, hidden);
        addToLayers("self_attn.v_proj.weight", keyValueWidth, hidden);
        addToLayers("self_attn.o_proj.weight", hidden, hidden);
        addToLayers("post_attention_layernorm.weight", hidden);
        addToLayers("mlp.gate_proj.weight", header.intermediate(), hidden);
        addToLayers("mlp.down_proj.weight", hidden, header.intermediate());
        addToLayers("mlp.up_proj.weight", header.intermediate(), hidden);
        add("model.norm.weight", hidden);
        next = Shapes.add(next, (long) header.positions() * header.headDimension() * Float.BYTES);
        if (ownHead) {
            add("lm_head.weight", header.vocabulary(), hidden);
        }
        for (int layer = 0; layer < header.layers(); layer++) {
            evenRowsFirst(LAYER.formatted(layer) + "self_attn.q_proj.weight");
            evenRowsFirst(LAYER.formatted(layer) + "self_attn.k_proj.weight");
        }
    }

    private void addToLayers(String name, long... shape) {
        for (int layer = 0; layer < header.layers(); layer++) {
            add(LAYER.formatted(layer) + name, shape);
        }
    }

    private void add(String name, long... shape) {
        long bytes = Shapes.multiply(Shapes.elements(shape), Float.BYTES);
        tensors.put(name, new TensorInfo("F32", shape, next, bytes));
        next = Shapes.add(next, bytes);
    }

    private void evenRowsFirst(String name) {
        long[] shape = tensor(name).shape();
        long columns = shape[1];
        long rows = header.headDimension();
        views.put(name, new TensorView(new long[] {shape[0] / rows, 2, rows / 2, columns}, new long[] {
            rows * columns, columns, 2 * columns, 1
        }));
    }
}
