package org.eegvlm.finetune;

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
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureRows;

/** The folder a run writes: work files while it goes on, at its end what LLaVA and PEFT put into an adapter's folder. */
final class AdapterFolder {

    static final String ADAPTER_CONFIG = "adapter_config.json";
    private static final String CONFIG = "config.json";

    /** Written last. */
    private static final String TRAINER_STATE = "trainer_state.json";

    private final Path folder;
    private final FineTuneConfig config;
    private final TrainingData data;

    AdapterFolder(Path folder, FineTuneConfig config, TrainingData data) {
        this.folder = folder;
        this.config = config;
        this.data = data;
    }

    Path pictureFile() {
        return folder.resolve("pictures.npy");
    }

    CheckpointFolders checkpoints() {
        return new CheckpointFolders(folder);
    }

    /** Whether {@link #write} came to its end. */
    boolean isWritten() {
        return Files.exists(folder.resolve(TRAINER_STATE));
    }

    void write(Trainee trainee, BatchPlan plan, List<LoggedStep> log, String baseModel) throws IOException {
        trainee.saveWeights(folder, baseModel);
        Json.write(folder.resolve(CONFIG), modelConfig());
        card().write(folder);
        Json.writeLines(folder.resolve(TrainingLoop.LOSS_FILE), log);
        Json.write(folder.resolve(TRAINER_STATE), TrainerState.of(plan, TrainingLoop.steps(config, plan), log));
    }

    void removeWorkFiles() throws IOException {
        Files.deleteIfExists(pictureFile());
        checkpoints().deleteAll();
    }

    /** The base's, and what LLaVA's training adds. */
    private JsonNode modelConfig() throws IOException {
        var json = (ObjectNode) Json.readTree(config.paths().model().resolve(CONFIG));
        json.put("mm_projector_lr", config.optimizer().projectorLearningRate());
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
