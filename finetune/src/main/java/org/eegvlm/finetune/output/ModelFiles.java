package org.eegvlm.finetune.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureRows;

/** What a LoRA folder holds beside weights, so that others can load it and we can feed it: its configuration and card. */
final class ModelFiles {

    static final String CONFIG = "config.json";

    private final FineTuneConfig config;
    private final TrainingData data;

    ModelFiles(FineTuneConfig config, TrainingData data) {
        this.config = config;
        this.data = data;
    }

    void write(Path folder) throws IOException {
        Json.write(folder.resolve(CONFIG), modelConfig());
        card().write(folder);
    }

    /** The base's, and what LLaVA's training adds. */
    private JsonNode modelConfig() throws IOException {
        var json = (ObjectNode) Json.readTree(config.paths().model().resolve(CONFIG));
        if (data.limits().patches() > 0) {
            json.put("mm_projector_lr", config.optimizer().projectorLearningRate());
        }
        json.put("tokenizer_model_max_length", config.input().maxLength());
        json.put("tokenizer_padding_side", "right");
        json.put("use_cache", true);
        return json;
    }

    private ModelCard card() throws IOException {
        var renderSpec = config.paths().samples().data().resolveSibling("render.json");
        var sidecar = data.features().flatMap(FeatureRows::sidecar);
        return new ModelCard(
                Files.exists(renderSpec) ? Optional.of(Json.readTree(renderSpec)) : Optional.empty(),
                config.input().conversation().label(),
                question(),
                config.input().featureMode().label(),
                sidecar.map(FeatureSidecar::encoder),
                sidecar.map(FeatureSidecar::trainedOnSubjects).orElse(List.of()),
                data.samples().stream()
                        .flatMap(sample -> sample.subject().stream())
                        .distinct()
                        .sorted()
                        .toList(),
                sidecar.map(FeatureSidecar::standardization),
                data.samples().stream().anyMatch(InstructionSample::simulated));
    }

    private String question() {
        return data.samples().get(0).conversations().stream()
                .filter(turn -> turn.from().equals(Turn.HUMAN))
                .map(turn -> turn.value().replace(Conversation.IMAGE, "").strip())
                .findFirst()
                .orElse("");
    }
}
