package org.eegvlm.llava;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.CheckpointWriter;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Output;
import org.eegvlm.llama.LlamaConfig;
import org.eegvlm.llama.LlamaDecoder;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import org.eegvlm.llava.write.ConversionConfig;
import org.eegvlm.llava.write.MergeConfig;
import org.eegvlm.llava.write.ModelConversion;
import org.eegvlm.llava.write.ModelLayout;
import org.eegvlm.llava.write.ModelMerge;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Writes models and adapters, and the logits that we compute with them, for {@code reference/check_convert.py} and
 * {@code reference/check_peft.py} to do the same in Python. Runs with {@code -Deegvlm.handOver=FOLDER} alone.
 */
@EnabledIfSystemProperty(named = "eegvlm.handOver", matches = ".+")
class HandOverTest {

    private static final NanoConfig.Decoder DECODER = new NanoConfig.Decoder(64, 3, 4, 96, 512);
    private static final NanoConfig.Tower TOWER = new NanoConfig.Tower(64, 3, 4, 96, 56, 14);
    private static final int PATCHES = 16;
    private static final long[] IDS = {1, 9, 33, 17, 5, 62, 41, 28, 3};

    private final Path folder = Path.of(System.getProperty("eegvlm.handOver", ""));
    private final Path base = folder.resolve("base");

    @BeforeEach
    void makeBase() throws IOException {
        Output.deleteTree(folder);
        Files.createDirectories(folder);
        NanoLlava.create(new NanoConfig(base, 5, DECODER, TOWER, false));
    }

    @Test
    void handsOverModelsAndAdapters() throws IOException {
        convert(base, "hf", ModelLayout.HF);
        convert(tinyLlama(), "llama", ModelLayout.HF);
        var golden = new LinkedHashMap<String, TensorData>();
        golden.put("ids", TensorData.i64(IDS, IDS.length));
        pictures(golden);
        try (var model = LlavaModel.open(base, Optional.empty(), LoadOptions.on("cpu"))) {
            adapters(golden, "base", model.decoder());
        }
        var checkpoint = Checkpoint.open(tinyLlama());
        try (var decoder = LlamaDecoder.load(
                checkpoint, LlamaConfig.read(checkpoint.config(), checkpoint.configFile()), LoadOptions.on("cpu"))) {
            golden.put("logits.llama", logits(decoder));
            adapters(golden, "llama", decoder);
        }
        new ModelMerge(
                        new MergeConfig(
                                folder.resolve("llama-all"),
                                Optional.empty(),
                                folder.resolve("llama-merged"),
                                Optional.empty(),
                                CheckpointWriter.SHARD_SIZE,
                                false),
                        Progress.SILENT)
                .run();
        SafetensorsWriter.write(folder.resolve("golden.safetensors"), golden, Map.of());
    }

    /** A question about two pictures: ids, pixels, and the logits of every position. */
    private void pictures(Map<String, TensorData> golden) throws IOException {
        var files = List.of("tall.png", "wide.png");
        for (var file : files) {
            Files.copy(Golden.PICTURES.resolve(file), folder.resolve(file));
        }
        try (var model = LlavaModel.open(base, Optional.empty(), LoadOptions.on("cpu"));
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var images =
                    List.of(RgbImage.read(folder.resolve(files.get(0))), RgbImage.read(folder.resolve(files.get(1))));
            var prompt = new PromptTokenizer(model.tokenizer(), Conversation.V1).prompt("a", 2, "Which stage?");
            var layout = SpliceLayout.of(List.of(prompt), FeatureMode.OFF, PATCHES, 512);
            var x = model.splice(layout, model.towerFeatures(images), model.featureRows(List.of()));
            for (int layer = 0; layer < model.decoder().layers(); layer++) {
                x = model.decoder().layer(layer, x);
            }
            var logits = model.decoder().logits(x);
            golden.put(
                    "pictures.logits",
                    TensorData.f32(logits.toFloatArray(), logits.getShape().getShape()));
            var ids = Arrays.stream(prompt.ids()).asLongStream().toArray();
            golden.put("pictures.ids", TensorData.i64(ids, ids.length));
            var processor = ImageProcessor.clip(TOWER.imageSize(), true);
            for (int n = 0; n < images.size(); n++) {
                golden.put(
                        "pictures.pixels." + n,
                        TensorData.f32(processor.pixels(images.get(n)), 3, TOWER.imageSize(), TOWER.imageSize()));
            }
        }
    }

    private void adapters(Map<String, TensorData> golden, String baseName, LlamaDecoder decoder) throws IOException {
        var configs = Map.of(
                "all", new LoraConfig(8, 16, 0.05, EnumSet.allOf(Projection.class)),
                "some", new LoraConfig(3, 5, 0.05, Set.of(Projection.Q, Projection.O, Projection.DOWN)));
        for (var each : configs.entrySet()) {
            var name = baseName + "-" + each.getKey();
            try (var adapter = LoraAdapter.fresh(each.getValue(), decoder, 7)) {
                adapter.parameters().forEach(HandOverTest::disturb);
                adapter.save(Files.createDirectories(folder.resolve(name)), "../" + baseName);
                decoder.attach(adapter);
                golden.put("logits." + name, logits(decoder));
                decoder.detach();
            }
        }
    }

    private static TensorData logits(LlamaDecoder decoder) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
            var x = decoder.embed(manager.create(IDS, new Shape(1, IDS.length)));
            for (int layer = 0; layer < decoder.layers(); layer++) {
                x = decoder.layer(layer, x);
            }
            var logits = decoder.logits(x);
            manager.close();
            return TensorData.f32(logits.toFloatArray(), logits.getShape().getShape());
        }
    }

    private void convert(Path from, String to, ModelLayout layout) throws IOException {
        var config = new ConversionConfig(
                from, folder.resolve(to), layout, Optional.empty(), CheckpointWriter.SHARD_SIZE, false);
        new ModelConversion(config, Progress.SILENT).run();
    }

    private static Path tinyLlama() {
        return Path.of("src/test/resources/org/eegvlm/llama/tiny-llama");
    }

    private static void disturb(NDArray tensor) {
        var random = new SplittableRandom(tensor.size());
        var values = tensor.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.05 * random.nextGaussian());
        }
        try (var noisy = tensor.getManager().create(values, tensor.getShape())) {
            noisy.copyTo(tensor);
        }
    }
}
