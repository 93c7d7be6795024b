package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.llama.LoraLayout.LoraTensor;

/**
 * The trainable part of a fine-tuned decoder: for every adapted projection a pair A [rank, in], B [out, rank], in
 * fp32, or in fp64 where the decoder computes in it.
 *
 * <p>Owns its tensors until it is closed. An optimiser changes them in place; whoever has the adapter attached sees it.
 */
public final class LoraAdapter implements AutoCloseable {

    private final LoraConfig config;
    private final List<LoraTensor> layout;
    private final Map<Device, NDManager> managers = new HashMap<>();
    private final List<NDArray> parameters;

    /** @param values is asked tensor by tensor: together they may be larger than Java's heap */
    private LoraAdapter(LoraConfig config, List<LoraTensor> layout, List<Device> devices, DataType type, Values values)
            throws IOException {
        this.config = config;
        this.layout = layout;
        int perLayer = layout.size() / devices.size();
        var tensors = new ArrayList<NDArray>();
        try {
            for (int i = 0; i < layout.size(); i++) {
                var tensor = layout.get(i);
                var manager = managers.computeIfAbsent(devices.get(i / perLayer), LoraAdapter::manager);
                tensors.add(owned(manager, values.of(tensor), tensor.shape(), type));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        this.parameters = List.copyOf(tensors);
    }

    /** Where the numbers of a tensor come from. */
    private interface Values {
        float[] of(LoraTensor tensor) throws IOException;
    }

    /**
     * An adapter that changes nothing yet: A uniform in ±1/√in, B zero; beside the decoder's layers.
     *
     * @param seed the same seed gives the same bits on every machine
     */
    public static LoraAdapter fresh(LoraConfig config, LlamaDecoder decoder, long seed) {
        return fresh(config, decoder.config(), decoder.layerDevices(), decoder.adapterType(), seed);
    }

    static LoraAdapter fresh(LoraConfig config, LlamaConfig model, Device device, long seed) {
        return fresh(config, model, Collections.nCopies(model.layers(), device), DataType.FLOAT32, seed);
    }

    private static LoraAdapter fresh(
            LoraConfig config, LlamaConfig model, List<Device> devices, DataType type, long seed) {
        var random = new SplittableRandom(seed);
        try {
            return new LoraAdapter(
                    config, LoraLayout.of(config, model), devices, type, tensor -> tensor.initial(random));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is read
        }
    }

    /**
     * Reads {@code adapter_config.json} and {@code adapter_model.safetensors}, or {@code .bin}, as PEFT writes them; each
     * part is put beside its layer.
     *
     * @throws org.eegvlm.core.MalformedDataException if they do not fit each other or the model
     */
    public static LoraAdapter load(Path folder, LlamaDecoder decoder) throws IOException {
        return load(folder, decoder.config(), decoder.layerDevices(), decoder.adapterType());
    }

    static LoraAdapter load(Path folder, LlamaConfig model, Device device) throws IOException {
        return load(folder, model, Collections.nCopies(model.layers(), device), DataType.FLOAT32);
    }

    private static LoraAdapter load(Path folder, LlamaConfig model, List<Device> devices, DataType type)
            throws IOException {
        var config = PeftFolder.readConfig(folder);
        var layout = LoraLayout.of(config, model);
        return new LoraAdapter(config, layout, devices, type, PeftFolder.open(folder, layout)::values);
    }

    /**
     * In which layout the adapter's file names the model that it was made on.
     *
     * @throws org.eegvlm.core.MalformedDataException if the folder has no such file
     */
    public static KeyLayout keyLayout(Path folder) throws IOException {
        return PeftFolder.keyLayout(folder);
    }

    /**
     * Writes both files, as PEFT does.
     *
     * @param baseModel what {@code adapter_config.json} names as the model this adapts
     */
    public void save(Path folder, String baseModel) throws IOException {
        PeftFolder.writeConfig(folder, config, baseModel);
        PeftFolder.writeTensors(folder, layout, parameters);
    }

    public LoraConfig config() {
        return config;
    }

    /** All tensors, layer by layer; in a layer A and B of q, k, v, o, gate, up, down, as far as they are adapted. */
    public List<NDArray> parameters() {
        return parameters;
    }

    /** The tensors of one layer, in that order. */
    public List<NDArray> layer(int layer) {
        int width = tensorsPerLayer();
        return parameters.subList(layer * width, (layer + 1) * width);
    }

    /** How many numbers are trained. */
    public long parameterCount() {
        return parameters.stream().mapToLong(NDArray::size).sum();
    }

    /** For q, k, v, o, gate, up, down: the number of its pair in a layer, or -1. */
    long[] slots() {
        var slots = new long[Projection.values().length];
        int pair = 0;
        for (var projection : Projection.values()) {
            slots[projection.ordinal()] = config.targets().contains(projection) ? pair++ : -1;
        }
        return slots;
    }

    int tensorsPerLayer() {
        return 2 * config.targets().size();
    }

    void requireFits(LlamaConfig model) {
        require(layout.equals(LoraLayout.of(config, model)), "the adapter was made for a decoder of another shape");
    }

    @Override
    public void close() {
        managers.values().forEach(NDManager::close);
    }

    private static NDManager manager(Device device) {
        return NDManager.newBaseManager(device, LlamaDecoder.ENGINE);
    }

    private static NDArray owned(NDManager manager, float[] values, long[] shape, DataType type) {
        var tensor = manager.create(values, new Shape(shape));
        NDScope.unregister(tensor);
        if (type == DataType.FLOAT32) {
            return tensor;
        }
        try (tensor) {
            var wide = tensor.toType(type, false);
            NDScope.unregister(wide);
            return wide;
        }
    }
}
