package org.eegvlm.llava.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eegvlm.core.io.Json;
import org.eegvlm.llava.ClipConfig;
import org.eegvlm.llava.ImageProcessor;

/** What stands beside the weights of a vision tower: its shape, and what pictures go through before it. */
final class PictureFiles {

    static final String CONFIG = "config.json";
    static final String PREPROCESSOR = "preprocessor_config.json";
    static final String PROCESSOR = "processor_config.json";

    private static final int BICUBIC = 3;

    private PictureFiles() {}

    /** A CLIP vision tower, as {@code vision_config} or as the {@value #CONFIG} of a folder of its own. */
    static ObjectNode tower(ClipConfig tower) {
        return Json.MAPPER
                .createObjectNode()
                .put("model_type", "clip_vision_model")
                .put("hidden_size", tower.width())
                .put("intermediate_size", tower.intermediate())
                .put("num_hidden_layers", tower.layers())
                .put("num_attention_heads", tower.heads())
                .put("num_channels", 3)
                .put("image_size", tower.imageSize())
                .put("patch_size", tower.patchSize())
                .put("hidden_act", tower.quickGelu() ? "quick_gelu" : "gelu")
                .put("layer_norm_eps", tower.layerNormEps());
    }

    /**
     * The {@value #PREPROCESSOR} of CLIP; where pictures are padded, that of LLaVA, which is CLIP's with padding. In the
     * original layout it is the model's configuration that says whether to pad.
     */
    static ObjectNode preprocessor(ImageProcessor processor, boolean saysWhetherToPad) {
        boolean pad = saysWhetherToPad && processor.pad();
        var json = Json.MAPPER
                .createObjectNode()
                .put("image_processor_type", pad ? "LlavaImageProcessor" : "CLIPImageProcessor")
                .put("do_convert_rgb", true)
                .put("do_resize", true);
        json.putObject("size").put("shortest_edge", processor.size());
        json.put("resample", BICUBIC).put("do_center_crop", true);
        json.putObject("crop_size").put("height", processor.size()).put("width", processor.size());
        json.put("do_rescale", true).put("rescale_factor", 1 / 255.0).put("do_normalize", true);
        json.set("image_mean", Json.MAPPER.valueToTree(processor.mean()));
        json.set("image_std", Json.MAPPER.valueToTree(processor.deviation()));
        if (pad) {
            json.put("do_pad", true);
        }
        return json;
    }

    /** The {@value #PROCESSOR} of transformers: how many {@code <image>} a picture takes. */
    static ObjectNode processor(ClipConfig tower) {
        return Json.MAPPER
                .createObjectNode()
                .put("processor_class", "LlavaProcessor")
                .put("image_token", PictureTokens.IMAGE)
                .put("num_additional_image_tokens", 1) // the class token, which is cut off again
                .put("patch_size", tower.patchSize())
                .put("vision_feature_select_strategy", "default");
    }
}
