package org.eegvlm.core.data;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.io.Json;

/**
 * What a fine-tuned model must be fed to work as it was trained: {@code eegvlm.json} in its folder.
 *
 * @param renderSpec how its pictures were rendered, as {@code render.json} has it
 * @param conversation the prompt template, such as {@code v1}
 * @param question what it was asked about each epoch
 * @param featureMode how feature rows were injected: {@code fuse}, {@code token}, {@code off}, {@code zero}
 * @param encoder SHA-256 of the vision module's weights
 * @param encoderSubjects whom the vision module has seen
 * @param subjects whom the language model has seen
 * @param standardization what its feature rows went through
 * @param simulated whether any of its nights was simulated
 */
public record ModelCard(
        Optional<JsonNode> renderSpec,
        String conversation,
        String question,
        String featureMode,
        Optional<String> encoder,
        List<String> encoderSubjects,
        List<String> subjects,
        Optional<FeatureSidecar.Standardization> standardization,
        boolean simulated) {

    private static final String FILE = "eegvlm.json";

    /** @throws IllegalArgumentException if one is null, as where a file lacks it */
    public ModelCard {
        boolean complete = Stream.of(
                        renderSpec,
                        conversation,
                        question,
                        featureMode,
                        encoder,
                        encoderSubjects,
                        subjects,
                        standardization)
                .allMatch(Objects::nonNull);
        require(
                complete,
                "a model's card has a conversation, question, feature_mode, encoder_subjects and subjects; one is missing");
        renderSpec = renderSpec.filter(spec -> !spec.isNull()); // null in a file is read as a node
        encoderSubjects = List.copyOf(encoderSubjects);
        subjects = List.copyOf(subjects);
    }

    /** Reads the card of a model folder; a checkpoint that others made has none. */
    public static Optional<ModelCard> in(Path model) throws IOException {
        var file = model.resolve(FILE);
        return Files.exists(file) ? Optional.of(Json.read(file, ModelCard.class)) : Optional.empty();
    }

    public void write(Path model) throws IOException {
        Json.write(model.resolve(FILE), this);
    }
}
