package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.io.Output;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.SpliceLayout;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Writes a run that was stopped and went on, and the logits of its result and of a checkpoint, for
 * {@code reference/check_peft_folder.py} to do the same in Python. Runs with {@code -Deegvlm.handOver=FOLDER} alone.
 */
@EnabledIfSystemProperty(named = "eegvlm.handOver", matches = ".+")
class RunHandOverTest {

    private final Path folder = Path.of(System.getProperty("eegvlm.handOver", ""));

    @Test
    void handsOverARun() throws IOException {
        Output.deleteTree(folder);
        var tiny = TinyRun.in(Files.createDirectories(folder));
        var config = tiny.config("out", FeatureMode.FUSE, 8)
                .withSaving(new SavingConfig(Interval.ofSteps(4), Optional.empty(), false));
        assertThat(tiny.stop(config, 5).finished()).isFalse();
        tiny.run(config);

        var golden = new LinkedHashMap<String, TensorData>();
        for (var model : List.of("out", "out/checkpoint-4")) {
            logits(folder.resolve(model), model.replace('/', '.'), golden);
        }
        SafetensorsWriter.write(folder.resolve("golden.safetensors"), golden, Map.of());
    }

    private void logits(Path path, String name, Map<String, TensorData> golden) throws IOException {
        try (var model = LlavaModel.open(path, Optional.of(folder.resolve("base")), LoadOptions.on("cpu"));
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var prompt = new PromptTokenizer(model.tokenizer(), Conversation.V1).prompt("a", 1, TinyRun.QUESTION);
            var layout = SpliceLayout.of(List.of(prompt), FeatureMode.OFF, model.patches(), 256);
            var patches = model.towerFeatures(List.of(RgbImage.read(folder.resolve("images/3.png"))));
            var x = model.splice(layout, patches, model.featureRows(List.of()));
            for (int layer = 0; layer < model.decoder().layers(); layer++) {
                x = model.decoder().layer(layer, x);
            }
            var logits = model.decoder().logits(x);
            var ids = Arrays.stream(prompt.ids()).asLongStream().toArray();
            golden.put(name + ".ids", TensorData.i64(ids, ids.length));
            golden.put(
                    name + ".patches",
                    TensorData.f32(patches.toFloatArray(), patches.getShape().getShape()));
            golden.put(
                    name + ".logits",
                    TensorData.f32(logits.toFloatArray(), logits.getShape().getShape()));
        }
    }
}
