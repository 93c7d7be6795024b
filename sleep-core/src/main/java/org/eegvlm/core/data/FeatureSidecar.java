package org.eegvlm.core.data;

import java.nio.file.Path;
import java.util.List;

/**
 * What a feature file {@code X.npy} does not say itself; it lies beside it as {@code X.json}.
 *
 * @param ids row n of the file belongs to the sample {@code ids.get(n)}
 * @param encoder SHA-256 of the vision module's weights
 * @param renderSpec SHA-256 of the spec of the pictures that were encoded
 * @param trainedOnSubjects whom the vision module has seen in training
 * @param standardization what was done to the encoder's numbers, fitted on the train split only
 */
public record FeatureSidecar(
        List<String> ids,
        String encoder,
        String renderSpec,
        List<String> trainedOnSubjects,
        Standardization standardization) {

    public FeatureSidecar {
        ids = List.copyOf(ids);
        trainedOnSubjects = List.copyOf(trainedOnSubjects);
    }

    /** {@code (x − mean) / scale}, per feature; the train split then has RMS 1. */
    public record Standardization(float[] mean, float[] scale) {

        /** The standardised copy of one row. */
        public float[] apply(float[] row) {
            var standardised = new float[row.length];
            for (int i = 0; i < row.length; i++) {
                standardised[i] = (row[i] - mean[i]) / scale[i];
            }
            return standardised;
        }
    }

    /** Where the sidecar of a feature file lies. */
    public static Path beside(Path npy) {
        return npy.resolveSibling(npy.getFileName().toString().replaceFirst("\\.npy$", "") + ".json");
    }
}
