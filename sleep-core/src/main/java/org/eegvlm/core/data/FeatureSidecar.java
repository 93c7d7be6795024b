package org.eegvlm.core.data;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a feature file {@code X.npy} does not say itself; it lies beside it as {@code X.json}.
 *
 * @param ids row n of the file belongs to the sample {@code ids.get(n)}
 * @param encoder names the vision module's weights; where there are several, that whose space all rows lie in
 * @param renderSpec SHA-256 of the spec of the pictures that were encoded
 * @param trainedOnSubjects whom the vision module has seen, in training or in choosing among its passes; where there are
 *     several, whom any of them has
 * @param outOfFold which of several encoders made each row; empty where one made all
 * @param standardization what was done to the encoder's numbers, fitted on the train split only
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record FeatureSidecar(
        List<String> ids,
        String encoder,
        String renderSpec,
        List<String> trainedOnSubjects,
        Optional<OutOfFold> outOfFold,
        Standardization standardization) {

    public FeatureSidecar {
        int rows = ids.size();
        outOfFold.ifPresent(folds -> require(
                folds.encoderOfRow().size() == rows,
                "%d rows, but encoders are named for %d",
                rows,
                folds.encoderOfRow().size()));
        ids = List.copyOf(ids);
        trainedOnSubjects = List.copyOf(trainedOnSubjects);
    }

    /** One encoder made all rows. */
    public FeatureSidecar(
            List<String> ids,
            String encoder,
            String renderSpec,
            List<String> trainedOnSubjects,
            Standardization standardization) {
        this(ids, encoder, renderSpec, trainedOnSubjects, Optional.empty(), standardization);
    }

    /** {@code (x − mean) / scale}, per feature; the train split then has RMS 1. */
    public record Standardization(float[] mean, float[] scale) {

        public Standardization {
            require(
                    mean != null && scale != null && mean.length == scale.length,
                    "a standardisation has as many means as scales");
        }

        /** The standardised copy of one row. */
        public float[] apply(float[] row) {
            var standardised = new float[row.length];
            for (int i = 0; i < row.length; i++) {
                standardised[i] = (row[i] - mean[i]) / scale[i];
            }
            return standardised;
        }
    }

    /** What it says of the rows of these samples alone, in its own order. */
    public FeatureSidecar only(Set<String> samples) {
        var kept = IntStream.range(0, ids.size())
                .filter(row -> samples.contains(ids.get(row)))
                .boxed()
                .toList();
        var folds = outOfFold.map(all -> new OutOfFold(
                all.encoders(), kept.stream().map(all.encoderOfRow()::get).toList()));
        return new FeatureSidecar(
                kept.stream().map(ids::get).toList(), encoder, renderSpec, trainedOnSubjects, folds, standardization);
    }

    /** Where the sidecar of a feature file lies. */
    public static Path beside(Path npy) {
        return npy.resolveSibling(npy.getFileName().toString().replaceFirst("\\.npy$", "") + ".json");
    }
}
