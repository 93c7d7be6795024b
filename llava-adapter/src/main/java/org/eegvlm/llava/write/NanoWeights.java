package org.eegvlm.llava.write;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.eegvlm.llava.ClipConfig;
import org.eegvlm.tensor.TensorData;

/**
 * Random weights from which a nano-llava learns quickly: every layer keeps the scale of its input, the branches of a
 * residual stream add up to that scale, embeddings and head are the same matrix.
 *
 * <p>Each tensor has a random generator of its own, from the seed and its name: no tensor depends on the others.
 */
final class NanoWeights {

    private final long seed;
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();

    private NanoWeights(long seed) {
        this.seed = seed;
    }

    /** Decoder and projector, by LLaVA's names. */
    static Map<String, TensorData> model(NanoConfig config, int vocabularySize) {
        var weights = new NanoWeights(config.seed());
        weights.decoder(config.decoder(), vocabularySize);
        int hidden = config.decoder().hidden();
        weights.linear("model.mm_projector.0", hidden, config.tower().width(), 1);
        weights.linear("model.mm_projector.2", hidden, hidden, 1);
        return weights.tensors;
    }

    /** The vision tower, by CLIP's names. */
    static Map<String, TensorData> tower(NanoConfig config) {
        var weights = new NanoWeights(config.seed());
        weights.clip(config.tower().clip());
        return weights.tensors;
    }

    private void decoder(NanoConfig.Decoder shape, int vocabularySize) {
        int hidden = shape.hidden();
        double branch = 1 / Math.sqrt(2.0 * shape.layers());
        var embeddings = normal("model.embed_tokens.weight", 1 / Math.sqrt(hidden), vocabularySize, hidden);
        tensors.put("model.embed_tokens.weight", embeddings);
        tensors.put("lm_head.weight", embeddings);
        for (int layer = 0; layer < shape.layers(); layer++) {
            var prefix = "model.layers." + layer + ".";
            ones(prefix + "input_layernorm.weight", hidden);
            ones(prefix + "post_attention_layernorm.weight", hidden);
            weight(prefix + "self_attn.q_proj", hidden, hidden, 1);
            weight(prefix + "self_attn.k_proj", hidden, hidden, 1);
            weight(prefix + "self_attn.v_proj", hidden, hidden, 1);
            weight(prefix + "self_attn.o_proj", hidden, hidden, branch);
            weight(prefix + "mlp.gate_proj", shape.intermediate(), hidden, 1);
            weight(prefix + "mlp.up_proj", shape.intermediate(), hidden, 1);
            weight(prefix + "mlp.down_proj", hidden, shape.intermediate(), branch);
        }
        ones("model.norm.weight", hidden);
    }

    private void clip(ClipConfig shape) {
        int width = shape.width();
        int patch = shape.patchSize();
        double branch = 1 / Math.sqrt(2.0 * shape.layers());
        BiConsumer<String, Integer> norm = (name, size) -> {
            ones("vision_model." + name + ".weight", size);
            zeros("vision_model." + name + ".bias", size);
        };
        var embeddings = "vision_model.embeddings.";
        put(embeddings + "class_embedding", 1 / Math.sqrt(width), width);
        put(embeddings + "patch_embedding.weight", 1 / Math.sqrt(3.0 * patch * patch), width, 3, patch, patch);
        put(embeddings + "position_embedding.weight", 1 / Math.sqrt(width), shape.patches() + 1, width);
        norm.accept("pre_layrnorm", width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            var prefix = "encoder.layers." + layer + ".";
            norm.accept(prefix + "layer_norm1", width);
            norm.accept(prefix + "layer_norm2", width);
            linear("vision_model." + prefix + "self_attn.q_proj", width, width, 1);
            linear("vision_model." + prefix + "self_attn.k_proj", width, width, 1);
            linear("vision_model." + prefix + "self_attn.v_proj", width, width, 1);
            linear("vision_model." + prefix + "self_attn.out_proj", width, width, branch);
            linear("vision_model." + prefix + "mlp.fc1", shape.intermediate(), width, 1);
            linear("vision_model." + prefix + "mlp.fc2", width, shape.intermediate(), branch);
        }
        norm.accept("post_layernorm", width);
    }

    private void linear(String name, int outputs, int inputs, double gain) {
        weight(name, outputs, inputs, gain);
        zeros(name + ".bias", outputs);
    }

    private void weight(String name, int outputs, int inputs, double gain) {
        put(name + ".weight", gain / Math.sqrt(inputs), outputs, inputs);
    }

    private void put(String name, double deviation, long... shape) {
        tensors.put(name, normal(name, deviation, shape));
    }

    private void ones(String name, int size) {
        var values = new float[size];
        Arrays.fill(values, 1);
        tensors.put(name, TensorData.f32(values, size));
    }

    private void zeros(String name, int size) {
        tensors.put(name, TensorData.f32(new float[size], size));
    }

    private TensorData normal(String name, double deviation, long... shape) {
        var random = new SplittableRandom(seed * 31 + name.hashCode());
        int size = 1;
        for (long dimension : shape) {
            size = Math.multiplyExact(size, Math.toIntExact(dimension));
        }
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return TensorData.f32(values, shape);
    }
}
