package org.eegvlm.vision.djl;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names a block's parameters as PyTorch's {@code state_dict} does: the children's names, joined by dots; in a sequence
 * their numbers.
 */
final class TorchNames {

    /** The name of a child that adds nothing to the path. */
    static final String UNNAMED = "-";

    private static final Map<String, String> TORCH_WORDS =
            Map.of("gamma", "weight", "beta", "bias", "runningMean", "running_mean", "runningVar", "running_var");

    /** DJL numbers children with two digits in front of the name. */
    private static final int NUMBER_LETTERS = 2;

    private TorchNames() {}

    static Map<String, Parameter> of(Block block) {
        var named = new LinkedHashMap<String, Parameter>();
        collect("", block, named);
        return named;
    }

    private static void collect(String path, Block block, Map<String, Parameter> named) {
        for (var parameter : block.getDirectParameters()) {
            named.put(path + TORCH_WORDS.getOrDefault(parameter.getKey(), parameter.getKey()), parameter.getValue());
        }
        int place = 0;
        for (var child : block.getChildren()) {
            var name = block instanceof SequentialBlock
                    ? "" + place++
                    : child.getKey().substring(NUMBER_LETTERS);
            collect(name.equals(UNNAMED) ? path : path + name + ".", child.getValue(), named);
        }
    }
}
