package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LoraLayout.LoraTensor;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;

/** The two files of a LoRA adapter as the PEFT library (0.7 and newer) writes and reads them. */
final class PeftFolder {

    /** What stands before the number of a layer. */
    static final String LAYERS = "base_model.model.model.layers.";

    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";

    private PeftFolder() {}

    static LoraConfig readConfig(Path folder) throws IOException {
        var file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("%s has no %s: it is no adapter folder".formatted(folder, CONFIG));
        }
        var json = Json.readTree(file);
        refuseWhatIsNotComputed(file, json);
        try {
            return new LoraConfig(
                    json.path("r").asInt(),
                    json.path("lora_alpha").asDouble(),
                    json.path("lora_dropout").asDouble(0),
                    targets(file, json));
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    static void writeConfig(Path folder, LoraConfig config, String baseModel) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", baseModel);
        json.put("r", config.rank());
        json.put("lora_alpha", config.alpha());
        json.put("lora_dropout", config.dropout());
        json.put(
                "target_modules",
                EnumSet.copyOf(config.targets()).stream()
                        .map(Projection::target)
                        .toList());
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.put("use_dora", false);
        json.put("use_rslora", false);
        Json.write(folder.resolve(CONFIG), json);
    }

    /** The values of every tensor of the layout, in its order. */
    static List<float[]> readTensors(Path folder, List<LoraTensor> layout) throws IOException {
        var path = folder.resolve(TENSORS);
        if (!Files.isRegularFile(path)) {
            throw new MalformedDataException(folder, "has no " + TENSORS);
        }
        var file = SafetensorsFile.open(path);
        var values = new ArrayList<float[]>();
        for (var tensor : layout) {
            var key = keyIn(file, tensor);
            var shape = file.tensor(key).shape();
            if (!Arrays.equals(shape, tensor.shape())) {
                throw new MalformedDataException(
                        path,
                        "tensor '%s'".formatted(key),
                        "has shape %s, the model and %s want %s"
                                .formatted(Arrays.toString(shape), CONFIG, Arrays.toString(tensor.shape())));
            }
            values.add(file.floats(key));
        }
        if (file.tensors().size() != layout.size()) {
            throw new MalformedDataException(
                    path,
                    "holds %d tensors, the model and %s want %d"
                            .formatted(file.tensors().size(), CONFIG, layout.size()));
        }
        return values;
    }

    static void writeTensors(Path folder, List<LoraTensor> layout, List<NDArray> parameters) throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        for (int i = 0; i < layout.size(); i++) {
            var tensor = layout.get(i);
            tensors.put(
                    tensor.name() + ".weight", TensorData.f32(parameters.get(i).toFloatArray(), tensor.shape()));
        }
        SafetensorsWriter.write(folder.resolve(TENSORS), tensors, Map.of("format", "pt"));
    }

    /** A model in memory has the adapter's name in its keys; some tools save it that way. */
    private static String keyIn(SafetensorsFile file, LoraTensor tensor) throws IOException {
        var key = tensor.name() + ".weight";
        var keyInMemory = tensor.name() + ".default.weight";
        if (file.tensors().containsKey(key)) {
            return key;
        }
        if (file.tensors().containsKey(keyInMemory)) {
            return keyInMemory;
        }
        throw new MalformedDataException(file.path(), "no tensor '%s'".formatted(key));
    }

    private static void refuseWhatIsNotComputed(Path file, JsonNode json) throws IOException {
        for (var flag : List.of("use_dora", "use_rslora", "fan_in_fan_out")) {
            if (json.path(flag).asBoolean(false)) {
                throw new MalformedDataException(file, flag + " true is not supported");
            }
        }
        for (var pattern : List.of("rank_pattern", "alpha_pattern")) {
            if (!json.path(pattern).isEmpty()) {
                throw new MalformedDataException(file, pattern + " is not supported: use one rank for all layers");
            }
        }
        if (!json.path("bias").asText("none").equals("none")) {
            throw new MalformedDataException(
                    file,
                    "bias '%s' is not supported".formatted(json.path("bias").asText()));
        }
    }

    private static Set<Projection> targets(Path file, JsonNode json) throws IOException {
        var targets = EnumSet.noneOf(Projection.class);
        for (var name : json.path("target_modules")) {
            targets.add(Arrays.stream(Projection.values())
                    .filter(projection -> projection.target().equals(name.asText()))
                    .findFirst()
                    .orElseThrow(() -> new MalformedDataException(
                            file,
                            "target_modules",
                            "'%s' is no projection of a Llama layer".formatted(name.asText()))));
        }
        return targets;
    }
}
