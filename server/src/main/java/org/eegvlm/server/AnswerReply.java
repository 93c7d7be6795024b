package org.eegvlm.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code POST /v1/answers} gives back.
 *
 * @param answer the raw text
 * @param stage what the text states; null where it is unreadable
 * @param probabilities over the stages, from the model's own next words
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AnswerReply(
        String answer, Optional<String> stage, Map<String, Double> probabilities, Model model, String notice) {

    static final String NOTICE = "For research, not for diagnosis.";

    /**
     * Who answered.
     *
     * @param simulated whether it was trained on simulated nights; null where nobody knows
     * @param subjects whom it has seen
     */
    record Model(String id, String featureMode, Optional<Boolean> simulated, List<String> subjects) {}
}
