package org.eegvlm.features;

import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.OutOfFold;

/**
 * Where features come from.
 *
 * @param encoder SHA-256 of the vision module's weights
 * @param renderSpec SHA-256 of the spec of the pictures
 * @param trainedOnSubjects whom the vision module has seen in training
 * @param outOfFold which of several encoders makes each row; empty where one makes all
 */
public record FeatureSource(
        String encoder, String renderSpec, List<String> trainedOnSubjects, Optional<OutOfFold> outOfFold) {

    public FeatureSource {
        trainedOnSubjects = List.copyOf(trainedOnSubjects);
    }

    /** One vision module makes all rows. */
    public FeatureSource(String encoder, String renderSpec, List<String> trainedOnSubjects) {
        this(encoder, renderSpec, trainedOnSubjects, Optional.empty());
    }

    FeatureSource with(OutOfFold folds) {
        return new FeatureSource(encoder, renderSpec, trainedOnSubjects, Optional.of(folds));
    }

    FeatureSidecar sidecar(List<String> ids, FeatureSidecar.Standardization standardization) {
        return new FeatureSidecar(ids, encoder, renderSpec, trainedOnSubjects, outOfFold, standardization);
    }
}
