package org.eegvlm.llama;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.TensorFile;

/**
 * What the tensors of an adapter are called in its file, by the names in {@link LoraLayout}.
 *
 * <p>The file's names depend on the model that was adapted: transformers' own LLaVA has the decoder in {@code
 * language_model}. A model in memory has the adapter's name in its keys too; some tools save it that way.
 */
final class PeftKeys {

    private static final String MODEL = "base_model.model.";
    private static final String IN_MEMORY = ".default.weight";
    private static final String WEIGHT = ".weight";

    private final TensorFile file;
    private final KeyLayout layout;
    private final Map<String, String> keys = new LinkedHashMap<>();

    private PeftKeys(TensorFile file, KeyLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    static PeftKeys of(TensorFile file) throws MalformedDataException {
        var stripped = new LinkedHashMap<String, String>();
        for (var key : file.tensors().keySet()) {
            stripped.put(key, stripped(key));
        }
        var found = new PeftKeys(file, KeyLayout.of(stripped.values()));
        for (var key : stripped.entrySet()) {
            var name = MODEL + found.layout.toOriginal(key.getValue());
            var other = found.keys.put(name, key.getKey());
            if (other != null) {
                throw new MalformedDataException(
                        file.path(), "holds one tensor under two names, '%s' and '%s'".formatted(other, key.getKey()));
            }
        }
        return found;
    }

    KeyLayout layout() {
        return layout;
    }

    /** The key of a tensor of {@link LoraLayout}. */
    String find(String name) throws MalformedDataException {
        var key = keys.get(name);
        if (key == null) {
            throw new MalformedDataException(file.path(), "no tensor '%s'".formatted(name + WEIGHT));
        }
        return key;
    }

    /** The projections that any key adapts. */
    Set<Projection> projections() {
        return Arrays.stream(Projection.values())
                .filter(projection -> keys.keySet().stream().anyMatch(name -> name.contains(projection.path() + ".")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Projection.class)));
    }

    /** Whatever else the file adapts would be lost without a word. */
    void refuseOthersThan(Collection<String> names) throws MalformedDataException {
        var wanted = Set.copyOf(names);
        for (var key : keys.entrySet()) {
            if (!wanted.contains(key.getKey())) {
                throw new MalformedDataException(
                        file.path(),
                        "tensor '%s'".formatted(key.getValue()),
                        key.getKey().contains("vision_tower")
                                ? "adapts the vision tower, which stays as it is here"
                                : "is no part of the adapter that adapter_config.json and the model describe");
            }
        }
    }

    private static String stripped(String key) {
        var name = key.startsWith(MODEL) ? key.substring(MODEL.length()) : key;
        if (name.endsWith(IN_MEMORY)) {
            return name.substring(0, name.length() - IN_MEMORY.length());
        }
        return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    }
}
