package org.eegvlm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.ModelCard;

/** What a reader of a report must know about the model behind it. */
final class ModelNotes {

    private ModelNotes() {}

    /** A sentence each: on whom the model was trained, and how it is fed. */
    static List<String> of(Optional<ModelCard> card) {
        if (card.isEmpty()) {
            return List.of("Nothing is known about what this model was trained on.");
        }
        var notes = new ArrayList<String>();
        notes.add("The language model was trained on %s."
                .formatted(subjects(card.get().subjects())));
        if (!card.get().encoderSubjects().isEmpty()) {
            notes.add("The vision module has seen %s."
                    .formatted(subjects(card.get().encoderSubjects())));
        }
        if (card.get().simulated()) {
            notes.add("Nights it was trained on are simulated: its answers about recorded nights mean nothing yet.");
        }
        return notes;
    }

    private static String subjects(List<String> subjects) {
        return "%d subjects (%s)".formatted(subjects.size(), String.join(", ", subjects));
    }
}
