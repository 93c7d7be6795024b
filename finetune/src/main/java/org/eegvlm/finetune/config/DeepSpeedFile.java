package org.eegvlm.finetune.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * What a DeepSpeed configuration means where one process trains.
 *
 * @param note a line for people
 * @param clipping {@code gradient_clipping}, where it is a number
 */
public record DeepSpeedFile(String note, Optional<Double> clipping) {

    /** A missing file is told in the note: published commands name one that lies in LLaVA's repository. */
    public static DeepSpeedFile read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new DeepSpeedFile(
                    file
                            + " is not there and not needed: one process trains, with layers computed again as --gradient_checkpointing says",
                    Optional.empty());
        }
        var json = Json.readTree(file);
        if (!json.isObject()) {
            throw new MalformedDataException(file, "is no DeepSpeed configuration");
        }
        var zero = json.path("zero_optimization");
        int stage = zero.path("stage").asInt(0);
        boolean offload = zero.has("offload_param") || zero.has("offload_optimizer");
        var clipping = json.path("gradient_clipping");
        return new DeepSpeedFile(
                "%s: %s%s; one process trains, with layers computed again as --gradient_checkpointing says"
                        .formatted(file, stage(stage), offload ? " Instead of off-loading, --bits 4 saves most" : ""),
                clipping.isNumber() ? Optional.of(clipping.asDouble()) : Optional.empty());
    }

    /** Stages 1 and 2 share optimiser and gradients, 3 the weights. */
    private static String stage(int stage) {
        return switch (stage) {
            case 0 -> "no ZeRO.";
            case 1, 2 -> "ZeRO %d is here --parallel data: replicas share the optimiser.".formatted(stage);
            default ->
                "ZeRO %d shares weights among processes; here --parallel layers lays some layers on each device."
                        .formatted(stage);
        };
    }
}
