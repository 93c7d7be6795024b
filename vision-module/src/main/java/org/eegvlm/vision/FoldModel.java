package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * A vision module that has not seen one fold of the train subjects.
 *
 * @param folder of the model
 * @param heldOut whom it has not seen, of those that the whole model was trained on; by name
 */
public record FoldModel(Path folder, List<String> heldOut) {

    private static final String NAME = "fold-";

    public FoldModel {
        heldOut = List.copyOf(heldOut);
    }

    /** @param fold from 0; folders count from 1 */
    static Path folder(Path whole, int fold) {
        return whole.resolve(NAME + (fold + 1));
    }

    /**
     * The fold models of a vision module.
     *
     * @throws IllegalArgumentException if there are none, one is not finished or belongs to another training, or a
     *     subject is held out by two
     */
    public static List<FoldModel> of(Path whole) throws IOException {
        var card = VisionCard.in(whole);
        var models = new ArrayList<FoldModel>();
        while (Files.exists(folder(whole, models.size()))) {
            models.add(fold(folder(whole, models.size()), card));
        }
        require(!models.isEmpty(), "%s has no fold models; train them with train-vision --folds".formatted(whole));
        var holder = new HashMap<String, Path>();
        for (var model : models) {
            for (var subject : model.heldOut) {
                var other = holder.putIfAbsent(subject, model.folder);
                require(
                        other == null,
                        "subject %s is held out by %s and by %s; remove the older folds"
                                .formatted(subject, other, model.folder));
            }
        }
        return List.copyOf(models);
    }

    private static FoldModel fold(Path folder, VisionCard whole) throws IOException {
        require(
                Files.exists(folder.resolve(VisionCard.FILE)) && Files.exists(folder.resolve(Alignment.FILE)),
                "%s is not finished; go on with train-vision --folds".formatted(folder));
        var card = VisionCard.in(folder);
        require(
                card.network().equals(whole.network())
                        && card.manifestSha256().equals(whole.manifestSha256())
                        && whole.trainedOnSubjects().containsAll(card.trainedOnSubjects()),
                "%s was trained otherwise than the model around it; train it again".formatted(folder));
        var heldOut = new TreeSet<>(whole.trainedOnSubjects());
        heldOut.removeAll(card.trainedOnSubjects());
        return new FoldModel(folder, List.copyOf(heldOut));
    }
}
