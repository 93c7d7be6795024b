package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.eegvlm.core.data.OutOfFold;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.FoldModel;
import org.eegvlm.vision.VisionCard;

/** Which vision module makes which rows of a feature file; rows stand in this order. */
record RowPlan(List<Part> parts) {

    /** Rows that one vision module makes. */
    record Part(Path model, List<EpochRecord> epochs) {}

    RowPlan {
        parts = List.copyOf(parts);
    }

    /** One vision module makes all. */
    static RowPlan of(Path model, List<EpochRecord> epochs) {
        return new RowPlan(List.of(new Part(model, epochs)));
    }

    /**
     * Each fold's rows come from the model that has not seen it, and then the validation subjects' from the whole model,
     * which has not learnt from them.
     *
     * @throws IllegalArgumentException if a train subject is held out by none
     */
    static RowPlan outOfFold(Path whole, List<EpochRecord> epochs) throws IOException {
        var parts = new ArrayList<Part>();
        var missing = new TreeSet<String>();
        epochs.stream().filter(epoch -> epoch.split() == Split.TRAIN).forEach(epoch -> missing.add(epoch.subject()));
        for (var fold : FoldModel.of(whole)) {
            var own = epochs.stream()
                    .filter(epoch ->
                            epoch.split() == Split.TRAIN && fold.heldOut().contains(epoch.subject()))
                    .toList();
            parts.add(new Part(fold.folder(), own));
            missing.removeAll(fold.heldOut());
        }
        require(
                missing.isEmpty(),
                "no fold model of %s holds out %s; train all folds with train-vision --folds",
                whole,
                missing);
        parts.add(new Part(
                whole,
                epochs.stream().filter(epoch -> epoch.split() != Split.TRAIN).toList()));
        return new RowPlan(parts);
    }

    /** All rows, in their order. */
    List<EpochRecord> epochs() {
        return parts.stream().flatMap(part -> part.epochs().stream()).toList();
    }

    /** Names the model of each row. */
    OutOfFold outOfFold() throws IOException {
        var encoders = new ArrayList<OutOfFold.Encoder>();
        var encoderOfRow = new ArrayList<Integer>();
        for (var part : parts) {
            encoderOfRow.addAll(Collections.nCopies(part.epochs().size(), encoders.size()));
            encoders.add(new OutOfFold.Encoder(
                    FeatureExtractor.encoderSha256(part.model()),
                    VisionCard.in(part.model()).trainedOnSubjects()));
        }
        return new OutOfFold(encoders, encoderOfRow);
    }
}
