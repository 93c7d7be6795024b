package org.eegvlm.core.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;

/**
 * One line of an answers file: what somebody said about one epoch. The vision module, the baselines and the language
 * models all write it, so that one scorer compares them.
 *
 * @param prompt the question as asked
 * @param text the raw answer
 * @param label the human scorer's stage; empty for a night without a hypnogram
 * @param answerId 22 characters, the same for the same question and model
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Answer(
        String questionId,
        String prompt,
        String text,
        Optional<SleepStage> label,
        String answerId,
        String modelId,
        Metadata metadata) {

    /**
     * @param image the first picture, relative to the image folder
     * @param probabilities over {@link SleepStage#label()}, summing to 1; empty where the answerer gives none
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Metadata(
            String subject,
            String night,
            int epoch,
            boolean simulated,
            Optional<String> image,
            Optional<Map<String, Double>> probabilities) {}

    /** Reads an answers file: one JSON object a line. */
    public static List<Answer> readAll(Path file) throws IOException {
        return Json.readLines(file, Answer.class);
    }
}
