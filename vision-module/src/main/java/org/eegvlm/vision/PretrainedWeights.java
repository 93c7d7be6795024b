package org.eegvlm.vision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorInfo;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * Weights that a backbone starts from: a safetensors file of torchvision's or timm's names, or a model of our own. The
 * classifier of photographs is left out; our head stays as it was drawn, unless the file is ours and has it.
 */
final class PretrainedWeights {

    /** What names tell that a file has, and how they become ours, in this order. */
    private record Layout(String mark, Map<String, String> names) {}

    private static final Layout TORCHVISION_CONVNEXT = new Layout(
            "features.0.0.weight",
            ordered(
                    "^features\\.0\\.", "stem.",
                    "^classifier\\.0\\.", "head.norm.",
                    "\\.layer_scale$", ".gamma",
                    "\\.block\\.0\\.", ".conv_dw.",
                    "\\.block\\.2\\.", ".norm.",
                    "\\.block\\.3\\.", ".mlp.fc1.",
                    "\\.block\\.5\\.", ".mlp.fc2."));

    private static final Layout TORCHVISION_VIT = new Layout(
            "conv_proj.weight",
            ordered(
                    "^conv_proj\\.", "patch_embed.proj.",
                    "^class_token$", "cls_token",
                    "^encoder\\.pos_embedding$", "pos_embed",
                    "^encoder\\.ln\\.", "norm.",
                    "^encoder\\.layers\\.encoder_layer_(\\d+)\\.", "blocks.$1.",
                    "\\.ln_([12])\\.", ".norm$1.",
                    "\\.self_attention\\.in_proj_", ".attn.qkv.",
                    "\\.self_attention\\.out_proj\\.", ".attn.proj.",
                    "\\.mlp\\.(?:0|linear_1)\\.", ".mlp.fc1.",
                    "\\.mlp\\.(?:3|linear_2)\\.", ".mlp.fc2."));

    private static final Pattern CONVNEXT_STAGE = Pattern.compile("^features\\.([1-7])\\.");

    /** Classifiers, and counters that nobody reads. */
    private static final Pattern NOT_NEEDED =
            Pattern.compile("^(fc|head|head\\.fc|heads\\.head|classifier\\.2)\\.(weight|bias)$|num_batches_tracked$");

    private static final Pattern OUR_HEAD = Pattern.compile("^(projection|classifier)\\.(weight|bias)$");

    private static final int NAMED = 3;

    private PretrainedWeights() {}

    /**
     * Reads what a network starts from.
     *
     * @param wanted the network's weights as they are
     * @return some of them, by the network's names
     * @throws MalformedDataException if the file is of another network: it lacks a weight, has one more, or one of another
     *     shape
     */
    static Map<String, TensorData> read(Path file, NetworkConfig network, Map<String, TensorData> wanted)
            throws IOException {
        var weights = SafetensorsFile.open(file);
        var names = names(weights);
        var problems = new ArrayList<String>();
        tell(problems, "lacks", missing(wanted, names));
        tell(
                problems,
                "has beyond it",
                names.keySet().stream()
                        .filter(name -> !wanted.containsKey(name))
                        .toList());
        tell(problems, "has in another shape", misshapen(weights, names, wanted));
        if (!problems.isEmpty()) {
            throw new MalformedDataException(
                    file,
                    "these are no weights of %s at %d pixels: the file %s"
                            .formatted(network.architecture(), network.inputSize(), String.join("; it ", problems)));
        }
        var values = new LinkedHashMap<String, TensorData>();
        for (var entry : wanted.entrySet()) {
            var stored = names.get(entry.getKey());
            if (stored != null) {
                long[] shape = entry.getValue().spec().shape();
                values.put(entry.getKey(), TensorData.f32(weights.floats(stored), shape));
            }
        }
        return values;
    }

    /** Our name of every tensor that is needed, to the file's. */
    private static Map<String, String> names(SafetensorsFile file) {
        var names = new LinkedHashMap<String, String>();
        for (var name : file.tensors().keySet()) {
            if (!NOT_NEEDED.matcher(name).find()) {
                names.put(ours(name, file.tensors()), name);
            }
        }
        return names;
    }

    private static String ours(String name, Map<String, TensorInfo> tensors) {
        if (tensors.containsKey(TORCHVISION_CONVNEXT.mark)) {
            return convNeXtStage(renamed(name, TORCHVISION_CONVNEXT));
        }
        return tensors.containsKey(TORCHVISION_VIT.mark) ? renamed(name, TORCHVISION_VIT) : name;
    }

    private static String renamed(String name, Layout layout) {
        var renamed = name;
        for (var rule : layout.names.entrySet()) {
            renamed = renamed.replaceAll(rule.getKey(), rule.getValue());
        }
        return renamed;
    }

    /** torchvision counts stages and what lies between them together. */
    private static String convNeXtStage(String name) {
        var matcher = CONVNEXT_STAGE.matcher(name);
        if (!matcher.find()) {
            return name;
        }
        int place = Integer.parseInt(matcher.group(1));
        var part = place % 2 == 0 ? "downsample" : "blocks";
        return matcher.replaceFirst("stages." + place / 2 + "." + part + ".");
    }

    /** A backbone's weights must all be there, a head's need not. */
    private static List<String> missing(Map<String, TensorData> wanted, Map<String, String> names) {
        return wanted.keySet().stream()
                .filter(name ->
                        !names.containsKey(name) && !OUR_HEAD.matcher(name).matches())
                .toList();
    }

    private static List<String> misshapen(
            SafetensorsFile file, Map<String, String> names, Map<String, TensorData> wanted) {
        var misshapen = new ArrayList<String>();
        wanted.forEach((name, tensor) -> {
            var stored = names.get(name);
            if (stored != null) {
                long[] given = withoutOnes(file.tensor(stored).shape());
                long[] expected = withoutOnes(tensor.spec().shape());
                if (!Arrays.equals(given, expected)) {
                    misshapen.add(
                            "%s %s instead of %s".formatted(stored, Arrays.toString(given), Arrays.toString(expected)));
                }
            }
        });
        return misshapen;
    }

    /** torchvision's layer scales are [C, 1, 1]. */
    private static long[] withoutOnes(long[] shape) {
        return Arrays.stream(shape).filter(side -> side != 1).toArray();
    }

    private static void tell(List<String> problems, String what, List<String> names) {
        if (!names.isEmpty()) {
            var some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
            problems.add(
                    what + " " + some + (names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : ""));
        }
    }

    private static Map<String, String> ordered(String... pairs) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
