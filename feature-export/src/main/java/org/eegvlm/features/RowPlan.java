package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eegvlm.core.data.OutOfFold;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.StreamedManifest;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.FoldModel;
import org.eegvlm.vision.VisionCard;

/**
 * Which vision module makes which rows of a feature file. Rows stand part by part, and in the manifest's order in each. They
 * are counted, not held: who needs them reads the manifest again.
 *
 * @param scoredOnly whether epochs that nobody scored have no row
 */
record RowPlan(StreamedManifest manifest, boolean scoredOnly, List<Part> parts) {

    /** One vision module makes the rows of these subjects. */
    record Part(Path model, OutOfFold.Encoder encoder, Set<String> subjects) {

        Part {
            subjects = Set.copyOf(subjects);
        }
    }

    RowPlan {
        parts = List.copyOf(parts);
    }

    /** One vision module makes all. */
    static RowPlan of(
            StreamedManifest manifest, boolean scoredOnly, Path model, OutOfFold.Encoder encoder, Split... splits) {
        var subjects = new TreeSet<String>();
        for (var split : splits) {
            subjects.addAll(manifest.subjects(split, scoredOnly));
        }
        return new RowPlan(manifest, scoredOnly, List.of(new Part(model, encoder, subjects)));
    }

    /**
     * Each fold's rows come from the model that has not seen it, and then the validation subjects' from the whole model,
     * which has not learnt from them.
     *
     * @throws IllegalArgumentException if a train subject is held out by none
     * @throws org.eegvlm.core.manifest.LeakageException if a model has learnt from the subject of one of its rows
     */
    static RowPlan outOfFold(StreamedManifest manifest, boolean scoredOnly, Path whole, OutOfFold.Encoder wholeEncoder)
            throws IOException {
        var parts = new ArrayList<Part>();
        var train = manifest.subjects(Split.TRAIN, scoredOnly);
        var missing = new TreeSet<>(train);
        for (var fold : FoldModel.of(whole)) {
            var own = new TreeSet<>(train);
            own.retainAll(fold.heldOut());
            missing.removeAll(own);
            parts.add(new Part(fold.folder(), encoder(fold.folder()), own));
        }
        require(
                missing.isEmpty(),
                "no fold model of %s holds out %s; train all folds with train-vision --folds",
                whole,
                missing);
        parts.add(new Part(whole, wholeEncoder, Set.copyOf(manifest.subjects(Split.VALIDATION, scoredOnly))));
        for (var part : parts) {
            LeakageGate.checkOutOfFold(part.encoder(), part.subjects());
        }
        return new RowPlan(manifest, scoredOnly, parts);
    }

    int size() {
        return parts.stream().mapToInt(this::size).sum();
    }

    int size(Part part) {
        return part.subjects().stream()
                .mapToInt(subject -> manifest.count(subject, scoredOnly))
                .sum();
    }

    /** Begins to read the epochs of a part's rows. */
    StreamedManifest.Epochs read(Part part) throws IOException {
        return manifest.read(epoch ->
                part.subjects().contains(epoch.subject()) && (epoch.stage().isPresent() || !scoredOnly));
    }

    /** Whether each row names the vision module that made it. */
    boolean isOutOfFold() {
        return parts.size() > 1;
    }

    /** Those that make the rows, part by part. */
    List<OutOfFold.Encoder> encoders() {
        return parts.stream().map(Part::encoder).toList();
    }

    /** The places of the rows that a standardisation may be fitted on. */
    BitSet trainSplit() throws IOException {
        var places = new BitSet();
        int n = 0;
        for (var part : parts) {
            try (var epochs = read(part)) {
                for (var next = epochs.next(); next.isPresent(); next = epochs.next()) {
                    var epoch = next.get();
                    places.set(
                            n++, epoch.split() == Split.TRAIN && epoch.stage().isPresent());
                }
            }
        }
        return places;
    }

    private static OutOfFold.Encoder encoder(Path model) throws IOException {
        return new OutOfFold.Encoder(
                FeatureExtractor.encoderSha256(model), VisionCard.in(model).trainedOnSubjects());
    }
}
