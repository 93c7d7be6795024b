package org.eegvlm.core.data;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.jspecify.annotations.Nullable;

/**
 * One line of a {@code model_vqa} question file.
 *
 * @param id {@code question_id}; also the id of the feature row
 * @param images paths relative to the image folder; a string or a list in the file
 * @param text the question, without {@code <image>} tags: they are put in front when it is asked
 * @param label the human scorer's stage, {@code category} in the file; never shown to the model
 * @param epochSeconds how long the epoch is; files of others do not tell
 * @param system stands in place of the template's own system text; ours, not LLaVA's
 * @param before earlier turns of the same conversation; ours, not LLaVA's
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Question(
        @JsonProperty("question_id") String id,

        @JsonProperty("image") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> images,

        String text,
        @JsonProperty("category") Optional<SleepStage> label,
        String subject,
        String night,
        int epoch,
        Optional<Double> epochSeconds,
        boolean simulated,
        Optional<String> system,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Turn> before) {

    public Question {
        images = List.copyOf(images);
        before = orEmpty(before);
    }

    /** One that nothing stands before. */
    public Question(
            String id,
            List<String> images,
            String text,
            Optional<SleepStage> label,
            String subject,
            String night,
            int epoch,
            Optional<Double> epochSeconds,
            boolean simulated) {
        this(id, images, text, label, subject, night, epoch, epochSeconds, simulated, Optional.empty(), List.of());
    }

    public Context context() {
        return new Context(system, before);
    }

    /** Reads a question file: one JSON object a line. */
    public static List<Question> readAll(Path file) throws IOException {
        return Json.readLines(file, Question.class);
    }

    private static List<Turn> orEmpty(@Nullable List<Turn> turns) {
        return turns == null ? List.of() : List.copyOf(turns);
    }
}
