package org.eegvlm.llava.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.llava.ImageProcessor;
import org.eegvlm.tensor.SafetensorsWriter;

/**
 * Makes nano-llava: a LLaVA small enough for a laptop, to fine-tune and test with.
 *
 * <p>It lies on disk in the original LLaVA-1.5 layout and is read by the code that reads real ones. Its weights are
 * random and know nothing of EEG; what it learns, it learns in fine-tuning.
 */
public final class NanoLlava {

    private static final String TOWER = "clip";
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private NanoLlava() {}

    /** @throws org.eegvlm.core.io.OutputExistsException if the folder is there and may not be replaced */
    public static void create(NanoConfig config) throws IOException {
        var output = Output.begin(config.output(), config.overwrite());
        var folder = output.partial();
        Output.deleteTree(folder); // a made-up model is made again sooner than checked
        Files.createDirectories(folder.resolve(TOWER));
        writeTokenizer(folder, config.decoder());
        writeModel(folder, config);
        writeTower(folder.resolve(TOWER), config);
        output.finish();
    }

    private static void writeTokenizer(Path folder, NanoConfig.Decoder decoder) throws IOException {
        Files.write(folder.resolve("tokenizer.model"), SentencePieceFile.of(NanoVocabulary.pieces()));
        var special = fields("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<unk>");
        Json.write(folder.resolve("special_tokens_map.json"), special);
        var settings = fields(
                "tokenizer_class", "LlamaTokenizer",
                "model_max_length", decoder.positions(),
                "padding_side", "right",
                "add_bos_token", true,
                "add_eos_token", false,
                "legacy", false,
                "clean_up_tokenization_spaces", false);
        settings.putAll(special);
        Json.write(folder.resolve("tokenizer_config.json"), settings);
    }

    private static void writeModel(Path folder, NanoConfig config) throws IOException {
        int vocabularySize = NanoVocabulary.pieces().size();
        var decoder = config.decoder();
        Json.write(folder.resolve("config.json"), modelConfig(config, vocabularySize));
        Json.write(
                folder.resolve("generation_config.json"),
                fields(
                        "bos_token_id", SentencePieceFile.BEGIN_ID,
                        "eos_token_id", SentencePieceFile.END_ID,
                        "pad_token_id", SentencePieceFile.UNKNOWN_ID,
                        "max_length", decoder.positions()));
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"), NanoWeights.model(config, vocabularySize), METADATA);
    }

    private static Map<String, Object> modelConfig(NanoConfig config, int vocabularySize) {
        var decoder = config.decoder();
        var json = fields(
                "architectures",
                List.of("LlavaLlamaForCausalLM"),
                "model_type",
                "llava_llama",
                "hidden_size",
                decoder.hidden(),
                "intermediate_size",
                decoder.intermediate(),
                "num_hidden_layers",
                decoder.layers(),
                "num_attention_heads",
                decoder.heads(),
                "num_key_value_heads",
                decoder.heads(),
                "hidden_act",
                "silu",
                "rms_norm_eps",
                1e-5,
                "rope_theta",
                10000.0,
                "max_position_embeddings",
                decoder.positions(),
                "vocab_size",
                vocabularySize,
                "tie_word_embeddings",
                false,
                "bos_token_id",
                SentencePieceFile.BEGIN_ID,
                "eos_token_id",
                SentencePieceFile.END_ID,
                "pad_token_id",
                SentencePieceFile.UNKNOWN_ID,
                "torch_dtype",
                "float32");
        json.putAll(fields(
                "image_aspect_ratio",
                "pad",
                "mm_hidden_size",
                config.tower().width(),
                "mm_projector_type",
                "mlp2x_gelu",
                "mm_use_im_patch_token",
                false,
                "mm_use_im_start_end",
                false,
                "mm_vision_select_feature",
                "patch",
                "mm_vision_select_layer",
                -2,
                "mm_vision_tower",
                TOWER,
                "use_mm_proj",
                true));
        return json;
    }

    private static void writeTower(Path folder, NanoConfig config) throws IOException {
        var tower = config.tower().clip();
        Json.write(
                folder.resolve(PictureFiles.CONFIG), PictureFiles.tower(tower).put("torch_dtype", "float32"));
        var processor = ImageProcessor.clip(tower.imageSize(), true);
        Json.write(folder.resolve(PictureFiles.PREPROCESSOR), PictureFiles.preprocessor(processor, false));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), NanoWeights.tower(config), METADATA);
    }

    /** Keys and values in the order in which they shall stand. */
    private static Map<String, Object> fields(Object... keysAndValues) {
        var fields = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return fields;
    }
}
