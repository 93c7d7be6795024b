package org.eegvlm.core.data;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.jspecify.annotations.Nullable;

/**
 * One training sample in LLaVA's list format: pictures and a conversation about them.
 *
 * @param id also the id of the sample's feature row
 * @param images paths relative to the image folder; {@code image} in the file: a string, a list, or absent
 * @param subject who slept, so that a subject can be kept out of training and evaluation at once; ours, not LLaVA's
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record InstructionSample(
        String id,

        @JsonProperty("image") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> images,

        List<Turn> conversations,
        Optional<String> subject,
        boolean simulated) {

    public InstructionSample {
        images = orEmpty(images);
        conversations = orEmpty(conversations);
    }

    /** Reads a LLaVA data file: one JSON array. */
    public static List<InstructionSample> readAll(Path file) throws IOException {
        return List.of(Json.read(file, InstructionSample[].class));
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
