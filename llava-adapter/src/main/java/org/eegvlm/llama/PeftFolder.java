package org.eegvlm.llama;

import static org.eegvlm.checkpoint.ModelFolder.ADAPTER_CONFIG;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LoraLayout.LoraTensor;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorFile;
import org.eegvlm.tensor.TensorSpec;
import org.eegvlm.tensor.TorchZip;

/**
 * The two files of a LoRA adapter as the PEFT library writes and reads them: older versions, and LLaVA's code with them,
 * write {@code adapter_model.bin} in place of {@code adapter_model.safetensors}.
 */
final class PeftFolder {

    /** What stands before the number of a layer. */
    static final String LAYERS = "base_model.model.model.layers.";

    private static final String TENSORS = "adapter_model.safetensors";
    private static final String OLD_TENSORS = "adapter_model.bin";
    private static final long LARGEST_CONFIG = 4 << 20;

    private PeftFolder() {}

    static LoraConfig readConfig(Path folder) throws IOException {
        var files = FolderFiles.open(folder);
        var file = folder.resolve(ADAPTER_CONFIG);
        if (files.file(ADAPTER_CONFIG).isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has no %s: it is no adapter folder".formatted(folder, ADAPTER_CONFIG));
        }
        var json = files.json(ADAPTER_CONFIG, LARGEST_CONFIG);
        refuseWhatIsNotComputed(file, json);
        int rank = json.path("r").asInt();
        double alpha = json.path("lora_alpha").asDouble();
        // Kalajdzievski 2023 (arXiv:2312.03732) divides by the root of the rank: the same as a larger alpha over the
        // rank.
        double scaled = json.path("use_rslora").asBoolean(false) ? alpha * Math.sqrt(rank) : alpha;
        try {
            return new LoraConfig(rank, scaled, json.path("lora_dropout").asDouble(0), targets(folder, json));
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
        Json.write(folder.resolve(ADAPTER_CONFIG), json);
    }

    /** The tensors of a layout, none of them read yet. */
    static Tensors open(Path folder, List<LoraTensor> layout) throws IOException {
        var file = tensors(folder);
        var keys = PeftKeys.of(file);
        for (var tensor : layout) {
            var key = keys.find(tensor.name());
            var shape = file.tensor(key).shape();
            if (!Arrays.equals(shape, tensor.shape())) {
                throw new MalformedDataException(
                        file.path(),
                        "tensor '%s'".formatted(key),
                        "has shape %s, the model and %s want %s"
                                .formatted(Arrays.toString(shape), ADAPTER_CONFIG, Arrays.toString(tensor.shape())));
            }
        }
        keys.refuseOthersThan(layout.stream().map(LoraTensor::name).toList());
        return new Tensors(file, keys);
    }

    /** Tensors of an adapter that are there, in the shapes that the model wants. */
    record Tensors(TensorFile file, PeftKeys keys) {

        float[] values(LoraTensor tensor) throws IOException {
            return file.floats(keys.find(tensor.name()));
        }
    }

    /** How the adapter's keys name the model it was made on. */
    static KeyLayout keyLayout(Path folder) throws IOException {
        return PeftKeys.of(tensors(folder)).layout();
    }

    private static TensorFile tensors(Path folder) throws IOException {
        var files = FolderFiles.open(folder);
        var safetensors = files.file(TENSORS);
        if (safetensors.isPresent()) {
            return SafetensorsFile.open(safetensors.get());
        }
        return TorchZip.open(files.file(OLD_TENSORS)
                .orElseThrow(() ->
                        new MalformedDataException(folder, "has neither %s nor %s".formatted(TENSORS, OLD_TENSORS))));
    }

    /** One tensor after another: all of them together may be larger than the heap. */
    static void writeTensors(Path folder, List<LoraTensor> layout, List<NDArray> parameters) throws IOException {
        var specs = new LinkedHashMap<String, TensorSpec>();
        for (var tensor : layout) {
            specs.put(key(tensor), new TensorSpec("F32", tensor.shape()));
        }
        try (var writer = SafetensorsWriter.create(folder.resolve(TENSORS), specs, Map.of("format", "pt"))) {
            for (int i = 0; i < layout.size(); i++) {
                var tensor = layout.get(i);
                var values = org.eegvlm.kernels.Tensors.floats(parameters.get(i));
                writer.put(key(tensor), TensorData.f32(values, tensor.shape()));
            }
        }
    }

    private static String key(LoraTensor tensor) {
        return tensor.name() + ".weight";
    }

    private static void refuseWhatIsNotComputed(Path file, JsonNode json) throws IOException {
        for (var flag : List.of("use_dora", "fan_in_fan_out", "lora_bias")) {
            if (json.path(flag).asBoolean(false)) {
                throw new MalformedDataException(file, flag + " true is not supported");
            }
        }
        var kind = json.path("peft_type").asText("LORA");
        if (!kind.equals("LORA")) {
            throw new MalformedDataException(file, "peft_type '%s' is not supported; LORA is".formatted(kind));
        }
        for (var part : List.of("modules_to_save", "layers_to_transform", "trainable_token_indices")) {
            if (!json.path(part).isMissingNode() && !json.path(part).isNull()) {
                throw new MalformedDataException(
                        file, part + " is not supported: adapt the projections of all layers, and nothing else");
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

    /** A pattern is not evaluated: the keys tell what it met. */
    private static Set<Projection> targets(Path folder, JsonNode json) throws IOException {
        var modules = json.path("target_modules");
        if (modules.isTextual()) {
            var one = named(modules.asText());
            if (one.isPresent()) {
                return EnumSet.of(one.get());
            }
            return modules.asText().equals("all-linear")
                    ? EnumSet.allOf(Projection.class)
                    : PeftKeys.of(tensors(folder)).projections();
        }
        var targets = EnumSet.noneOf(Projection.class);
        for (var name : modules) {
            targets.add(named(name.asText())
                    .orElseThrow(() -> new MalformedDataException(
                            folder.resolve(ADAPTER_CONFIG),
                            "target_modules",
                            "'%s' is no projection of a Llama layer".formatted(name.asText()))));
        }
        return targets;
    }

    /** The projection of a module's name or path. */
    private static Optional<Projection> named(String module) {
        return Arrays.stream(Projection.values())
                .filter(projection ->
                        module.equals(projection.target()) || module.matches("[\\w.]*\\." + projection.target()))
                .findFirst();
    }
}
