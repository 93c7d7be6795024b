package org.eegvlm.core.data;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.jspecify.annotations.Nullable;

/**
 * One training sample: pictures, if any, and a conversation; written in LLaVA's list format.
 *
 * @param id also the id of the sample's feature row
 * @param images paths relative to the image folder; {@code image} in the file: a string, a list, or absent
 * @param system stands in place of the template's own system text
 * @param subject who slept, so that a subject can be kept out of training and evaluation at once; ours, not LLaVA's
 * @param featureIndex the row of the feature file, from 0; ours, not LLaVA's
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record InstructionSample(
        String id,

        @JsonProperty("image") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> images,

        List<Turn> conversations,
        Optional<String> system,
        Optional<String> subject,
        boolean simulated,
        Optional<Integer> featureIndex) {

    public InstructionSample {
        images = orEmpty(images);
        conversations = orEmpty(conversations);
    }

    public InstructionSample(
            String id, List<String> images, List<Turn> conversations, Optional<String> subject, boolean simulated) {
        this(id, images, conversations, Optional.empty(), subject, simulated, Optional.empty());
    }

    /**
     * Reads a data file: one JSON array, or one sample a line; in the shape of LLaVA, ShareGPT or EEG2LLM.
     *
     * @throws MalformedDataException naming the sample that has none of these shapes
     */
    public static List<InstructionSample> readAll(Path file) throws IOException {
        var entries = isArray(file)
                ? Arrays.asList(Json.read(file, SampleEntry[].class))
                : Json.readLines(file, SampleEntry.class);
        var samples = new ArrayList<InstructionSample>();
        for (var entry : entries) {
            if (entry == null) {
                throw new MalformedDataException(file, "sample " + samples.size(), "is null");
            }
            samples.add(entry.sample(file, samples.size()));
        }
        return List.copyOf(samples);
    }

    private static boolean isArray(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            int first = in.read();
            while (first >= 0 && Character.isWhitespace(first)) {
                first = in.read();
            }
            return first != '{';
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
