package org.eegvlm.features;

import java.util.List;
import org.eegvlm.core.data.FeatureSidecar;

/**
 * Where features come from.
 *
 * @param encoder SHA-256 of the vision module's weights
 * @param renderSpec SHA-256 of the spec of the pictures
 * @param trainedOnSubjects whom the vision module has seen in training
 */
public record FeatureSource(String encoder, String renderSpec, List<String> trainedOnSubjects) {

    public FeatureSource {
        trainedOnSubjects = List.copyOf(trainedOnSubjects);
    }

    FeatureSidecar sidecar(List<String> ids, FeatureSidecar.Standardization standardization) {
        return new FeatureSidecar(ids, encoder, renderSpec, trainedOnSubjects, standardization);
    }
}
