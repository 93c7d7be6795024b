package org.eegvlm.eval;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of a question file as others write them: the id may be a number, and there may be no picture.
 *
 * @param questionId given back as it was
 * @param images paths relative to the image folder
 * @param featureIndex which row of the feature file; without one, that of the question's own place
 */
record ProbeQuestion(
        JsonNode questionId,

        @JsonProperty("image") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> images,

        String text,
        Optional<Integer> featureIndex) {

    ProbeQuestion(
            @Nullable JsonNode questionId,
            @Nullable List<String> images,
            @Nullable String text,
            Optional<Integer> featureIndex) {
        if (questionId == null || !questionId.isValueNode() || questionId.isNull()) {
            throw new IllegalArgumentException("question_id is missing");
        }
        if (text == null) {
            throw new IllegalArgumentException("text is missing");
        }
        this.questionId = questionId;
        this.images = images == null ? List.of() : List.copyOf(images);
        this.text = text;
        this.featureIndex = featureIndex;
    }

    String id() {
        return questionId.asText();
    }
}
