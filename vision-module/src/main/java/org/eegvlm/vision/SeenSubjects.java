package org.eegvlm.vision;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * Whom weights have seen. It stands in their file, and in the card beside it: files are copied without their cards.
 *
 * @param trainedOn whose epochs moved them
 * @param validation whose epochs chose among them
 */
record SeenSubjects(List<String> trainedOn, List<String> validation) {

    private static final SeenSubjects NONE = new SeenSubjects(List.of(), List.of());
    private static final String METADATA = "seen_subjects";
    private static final String HEAD = NetworkConfig.CLASSIFIER + ".weight";

    SeenSubjects {
        trainedOn = List.copyOf(trainedOn);
        validation = List.copyOf(validation);
    }

    /**
     * Reads whom a file's weights have seen; nobody, if they are of photographs.
     *
     * @throws MalformedDataException if it is a model of ours, but nothing tells whom it has seen
     */
    static SeenSubjects by(Path file) throws IOException {
        var weights = SafetensorsFile.open(file);
        var seen = NONE;
        boolean told = weights.metadata().containsKey(METADATA);
        if (told) {
            seen = parsed(file, weights.metadata().getOrDefault(METADATA, ""));
        }
        for (var place : new LinkedHashSet<>(List.of(file.toAbsolutePath(), file.toRealPath()))) {
            var card = place.resolveSibling(VisionCard.FILE);
            // Models of photographs have a config.json too.
            if (Files.isRegularFile(card) && Json.readTree(card).has("trained_on_subjects")) {
                seen = seen.and(of(Json.read(card, VisionCard.class)));
                told = true;
            }
        }
        if (!told && hasOurHead(weights)) {
            throw new MalformedDataException(
                    file, "it tells sleep stages, but nothing says whom it has seen; keep its config.json beside it");
        }
        return seen;
    }

    static SeenSubjects of(VisionCard card) {
        return new SeenSubjects(card.trainedOnSubjects(), card.validationSubjects());
    }

    private static SeenSubjects parsed(Path file, String json) throws MalformedDataException {
        try {
            return Json.MAPPER.readValue(json, SeenSubjects.class);
        } catch (JsonProcessingException e) {
            throw new MalformedDataException(file, "metadata '%s'".formatted(METADATA), e.getOriginalMessage());
        }
    }

    private static boolean hasOurHead(SafetensorsFile weights) {
        var head = weights.tensors().get(HEAD);
        return head != null && head.shape().length == 2 && head.shape()[0] == SleepStage.values().length;
    }

    /** For the weights' file. */
    Map<String, String> metadata() {
        return Map.of(METADATA, Json.line(this));
    }

    /** Those whom either has seen. */
    SeenSubjects and(SeenSubjects other) {
        return new SeenSubjects(union(trainedOn, other.trainedOn), union(validation, other.validation));
    }

    /** In training or in choosing. */
    List<String> all() {
        return union(trainedOn, validation);
    }

    private static List<String> union(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().sorted().toList();
    }

    /**
     * @param purpose what the subjects are to do
     * @throws LeakageException if one of them has been seen
     */
    static void requireStrangers(Path weights, Collection<String> seen, Collection<String> subjects, String purpose) {
        var both = new TreeSet<>(seen);
        both.retainAll(subjects);
        if (!both.isEmpty()) {
            throw new LeakageException("%s has seen subjects %s, who are to %s; start from other weights"
                    .formatted(weights, both, purpose));
        }
    }
}
