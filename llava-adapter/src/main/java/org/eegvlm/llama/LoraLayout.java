package org.eegvlm.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The order, names and shapes of an adapter's tensors. */
final class LoraLayout {

    private LoraLayout() {}

    /**
     * One tensor of an adapter.
     *
     * @param name without PEFT's {@code .weight}: {@code base_model.model.model.layers.0.self_attn.q_proj.lora_A}
     * @param down whether it is an A, which narrows to the rank
     */
    record LoraTensor(String name, boolean down, long rows, long columns) {

        /** The weight that it adapts, as LLaVA and Llama call it: {@code model.layers.0.self_attn.q_proj.weight}. */
        String weight() {
            return name.substring("base_model.model.".length(), name.lastIndexOf('.')) + ".weight";
        }

        long[] shape() {
            return new long[] {rows, columns};
        }

        /** A: uniform in ±1/√columns, which is PyTorch's kaiming_uniform with a = √5; B: zero. */
        float[] initial(SplittableRandom random) {
            var values = new float[Math.toIntExact(rows * columns)];
            if (down) {
                double bound = 1 / Math.sqrt((double) columns);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (bound * (2 * random.nextDouble() - 1));
                }
            }
            return values;
        }
    }

    static List<LoraTensor> of(LoraConfig config, LlamaConfig model) {
        var tensors = new ArrayList<LoraTensor>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (var projection : Projection.values()) {
                if (config.targets().contains(projection)) {
                    var name = "%s%d.%s.lora_".formatted(PeftFolder.LAYERS, layer, projection.path());
                    tensors.add(new LoraTensor(name + "A", true, config.rank(), projection.inputWidth(model)));
                    tensors.add(new LoraTensor(name + "B", false, projection.outputWidth(model), config.rank()));
                }
            }
        }
        return tensors;
    }
}
