package org.eegvlm.core.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.EpochRecord;

/**
 * One line of an answers file: what somebody said about one epoch. The vision module, the baselines and the language
 * models all write it, so that one scorer compares them.
 *
 * @param prompt the question as asked; nothing where the answerer reads no words
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
     * @param epochSeconds how long the epoch is; empty where the question did not tell
     * @param image the first picture, relative to the image folder
     * @param probabilities over {@link SleepStage#label()}, summing to 1; empty where the answerer gives none
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Metadata(
            String subject,
            String night,
            int epoch,
            Optional<Double> epochSeconds,
            boolean simulated,
            Optional<String> image,
            Optional<Map<String, Double>> probabilities) {}

    /**
     * What somebody without words, such as a classifier, says about an epoch: its most probable stage.
     *
     * @param probabilities over the stages, in the order of {@link SleepStage}
     */
    public static Answer of(EpochRecord epoch, String modelId, double[] probabilities) {
        var byLabel = new LinkedHashMap<String, Double>();
        var best = SleepStage.WAKE;
        for (var stage : SleepStage.values()) {
            byLabel.put(stage.label(), probabilities[stage.ordinal()]);
            best = probabilities[stage.ordinal()] > probabilities[best.ordinal()] ? stage : best;
        }
        var image = Path.of(epoch.image()).getFileName().toString();
        return new Answer(
                epoch.id(),
                "",
                "The stage is " + best.label() + ".",
                epoch.stage(),
                AnswerId.of(epoch.id(), modelId),
                modelId,
                new Metadata(
                        epoch.subject(),
                        epoch.night(),
                        epoch.epoch(),
                        Optional.of(epoch.epochSeconds()),
                        epoch.simulated(),
                        Optional.of(image),
                        Optional.of(byLabel)));
    }

    /**
     * Reads an answers file: one JSON object a line.
     *
     * @throws MalformedDataException if a line does not tell what was said, by whom, and about whose epoch
     */
    public static List<Answer> readAll(Path file) throws IOException {
        var answers = Json.readLines(file, Answer.class);
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i).complete()) {
                throw new MalformedDataException(
                        file,
                        "line " + (i + 1),
                        "needs question_id, text, model_id, and in its metadata subject and night; one is missing");
            }
        }
        return answers;
    }

    /** Where it is written what made an answers file {@code X.jsonl}: {@code X.config.json}. */
    public static Path settingsBeside(Path answersFile) {
        return answersFile.resolveSibling(
                answersFile.getFileName().toString().replaceFirst("\\.jsonl$", "") + ".config.json");
    }

    private boolean complete() {
        return Stream.of(questionId, text, modelId, metadata).allMatch(Objects::nonNull)
                && Stream.of(metadata.subject, metadata.night).allMatch(Objects::nonNull);
    }
}
