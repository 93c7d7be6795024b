package org.eegvlm.llama;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.tensor.SafetensorsFile;

/**
 * One of the tiny models of {@code reference/make_families.py}, with what transformers and PEFT compute with it. Of a
 * large tensor the golden file holds every seventh number, padding left out.
 */
final class Family implements AutoCloseable {

    private static final int STRIDE = 7;

    final NDManager manager = NDManager.newBaseManager(Device.cpu(), LlamaDecoder.ENGINE);
    final LlamaConfig config;
    final LlamaDecoder decoder;
    final LoraAdapter adapter;
    final int[] lengths;
    private final SafetensorsFile golden;
    private final NDScope scope = new NDScope();

    private Family(Path weights, Path folder, DataType type) throws IOException {
        scope.suppressNotUsedWarning();
        var options = LoadOptions.on("cpu").withType(type);
        var checkpoint = Checkpoint.open(weights);
        config = LlamaConfig.read(checkpoint.config(), checkpoint.configFile());
        decoder = LlamaDecoder.load(checkpoint, config, options);
        adapter = LoraAdapter.load(folder.resolve("adapter"), decoder);
        golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
        lengths = ids("lengths");
    }

    static Family open(String name, String type) throws IOException {
        return new Family(folder(name), folder(name), LoadOptions.type(type));
    }

    /** The same with other weights than the golden file was made with. */
    static Family withWeights(String name, Path weights) throws IOException {
        return new Family(weights, folder(name), DataType.FLOAT32);
    }

    static Path folder(String name) {
        return TinyLlama.resource("families/" + name);
    }

    /** From the base to what is asked for: {@code base}, {@code lora} or {@code merged}. */
    Family as(String adaptation) {
        switch (adaptation) {
            case "lora" -> decoder.attach(adapter);
            case "merged" -> decoder.merge(adapter);
            default -> decoder.detach();
        }
        return this;
    }

    float[] golden(String name) throws IOException {
        return golden.floats(name);
    }

    /** Whole numbers, flat. */
    int[] ids(String name) throws IOException {
        var longs = golden.map(name).asLongBuffer();
        var ids = new int[longs.remaining()];
        Arrays.setAll(ids, i -> Math.toIntExact(longs.get(i)));
        return ids;
    }

    /** [5, 12, H], padded on the right. */
    NDArray embeddings() throws IOException {
        return decoder.embed(longs(ids("ids")));
    }

    /** What goes into the first layer and comes out of each. */
    List<NDArray> states() throws IOException {
        var states = new ArrayList<NDArray>(List.of(embeddings()));
        for (int layer = 0; layer < decoder.layers(); layer++) {
            states.add(decoder.layer(layer, states.get(layer)));
        }
        return states;
    }

    NDArray output() throws IOException {
        return states().get(decoder.layers());
    }

    /** What each position should be followed by: transformers shifts its labels itself, here they come shifted. */
    NDArray shiftedLabels() throws IOException {
        int longest = longest();
        var labels = ids("labels");
        var shifted = new int[labels.length];
        Arrays.setAll(shifted, i -> i % longest == longest - 1 ? LlamaDecoder.IGNORED : labels[i + 1]);
        return longs(shifted);
    }

    /** Of [5, 12, W] what the golden file keeps. */
    float[] sample(NDArray values) {
        var all = values.toType(DataType.FLOAT32, false).toFloatArray();
        int width = Math.toIntExact(values.getShape().get(2));
        var spoken = new float[Arrays.stream(lengths).sum() * width];
        int to = 0;
        for (int row = 0; row < lengths.length; row++) {
            System.arraycopy(all, row * longest() * width, spoken, to, lengths[row] * width);
            to += lengths[row] * width;
        }
        return every(STRIDE, spoken);
    }

    static float[] every(int stride, float[] values) {
        var kept = new float[(values.length + stride - 1) / stride];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = values[i * stride];
        }
        return kept;
    }

    int longest() {
        return lengths[0];
    }

    private NDArray longs(int[] rows) {
        return manager.create(
                Arrays.stream(rows).asLongStream().toArray(), new Shape(lengths.length, rows.length / lengths.length));
    }

    @Override
    public void close() {
        scope.close();
        decoder.close();
        adapter.close();
        manager.close();
    }
}
