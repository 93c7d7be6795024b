package org.eegvlm.vision;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.engine.StageLearner;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * The unfinished training in its folder: {@code state.safetensors} after the last whole pass, and the weights of the
 * best pass so far. The state file comes last and names the best pass, so that a kill at any moment leaves both.
 */
final class Checkpoint {

    private static final String STATE = "state.safetensors";
    private static final String PASS = "pass-";
    private static final String HISTORY = "history";

    private final Path folder;
    private final SeenSubjects seen;

    private Checkpoint(Path folder, SeenSubjects seen) {
        this.folder = folder;
        this.seen = seen;
    }

    /** What is known after some passes. */
    record History(int bestPass, List<VisionMetrics.Pass> passes) {

        static final History NONE = new History(0, List.of());

        History {
            passes = List.copyOf(passes);
        }
    }

    /** Opens a folder; what another training has left there is deleted. */
    static Checkpoint in(Path folder, VisionCard card) throws IOException {
        var file = folder.resolve(VisionCard.FILE);
        var begun = Files.exists(file) ? Optional.of(Json.read(file, VisionCard.class)) : Optional.<VisionCard>empty();
        if (begun.isEmpty() || !goesOn(begun.get(), card)) {
            Output.deleteTree(folder);
            Files.createDirectories(folder);
        }
        if (!begun.equals(Optional.of(card))) {
            Json.write(file, card);
        }
        return new Checkpoint(folder, SeenSubjects.of(card));
    }

    /** What began before loads were told takes any. */
    private static boolean goesOn(VisionCard begun, VisionCard card) {
        return begun.equals(card) || begun.load().isEmpty() && begun.isLike(card);
    }

    /** Brings the learner to where the last whole pass left it. */
    History restore(StageLearner learner) throws IOException {
        var file = folder.resolve(STATE);
        if (!Files.exists(file)) {
            return History.NONE;
        }
        var state = SafetensorsFile.open(file);
        learner.restore(state);
        try {
            return Json.MAPPER.readValue(state.metadata().getOrDefault(HISTORY, ""), History.class);
        } catch (JsonProcessingException e) {
            throw new MalformedDataException(file, "metadata '%s'".formatted(HISTORY), e.getOriginalMessage());
        }
    }

    /** Keeps a pass; its weights too, if it is the best so far. */
    void save(StageLearner learner, History history) throws IOException {
        if (history.bestPass() == history.passes().size()) {
            Output.writeAtomically(
                    best(history.bestPass()),
                    file -> SafetensorsWriter.write(file, learner.weights(), seen.metadata()));
        }
        Output.writeAtomically(folder.resolve(STATE), file -> learner.save(file, Map.of(HISTORY, Json.line(history))));
        for (int pass = 1; pass < history.bestPass(); pass++) {
            Files.deleteIfExists(best(pass));
        }
    }

    /** Puts the best weights where they belong, and leaves the rest until {@link #clear}. */
    void keepBest(History history) throws IOException {
        var weights = folder.resolve(VisionEngine.WEIGHTS);
        Files.copy(best(history.bestPass()), weights, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes what only a training that goes on needs. */
    void clear() throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                var name = String.valueOf(file.getFileName());
                if (name.startsWith(STATE) || name.startsWith(PASS)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path best(int pass) {
        return folder.resolve(PASS + pass + ".safetensors");
    }
}
