package org.eegvlm.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;

/** Where an existing standardisation is kept: in a fine-tuned model's card, or in the sidecar of a feature file. */
final class StandardizationSource {

    private StandardizationSource() {}

    /**
     * @param encoder SHA-256 of the vision module whose rows are to be standardised
     * @throws IllegalArgumentException if the folder has no card, the card no standardisation, or it was fitted on the
     *     rows of another vision module
     */
    static Standardization read(Path modelOrSidecar, String encoder) throws IOException {
        if (Files.isDirectory(modelOrSidecar)) {
            var card = ModelCard.in(modelOrSidecar);
            return checked(
                    modelOrSidecar,
                    card.flatMap(ModelCard::encoder),
                    card.flatMap(ModelCard::standardization),
                    encoder);
        }
        var sidecar = Json.read(modelOrSidecar, FeatureSidecar.class);
        return checked(modelOrSidecar, Optional.of(sidecar.encoder()), Optional.of(sidecar.standardization()), encoder);
    }

    private static Standardization checked(
            Path source, Optional<String> fittedOn, Optional<Standardization> standardization, String encoder) {
        if (!fittedOn.equals(Optional.of(encoder))) {
            throw new IllegalArgumentException("%s was made with the features of vision module %s, not %s"
                    .formatted(source, fittedOn.orElse("(none)"), encoder));
        }
        return standardization
                .filter(found ->
                        found.mean().length == FeatureStore.WIDTH && found.scale().length == FeatureStore.WIDTH)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s keeps no standardisation of %d features".formatted(source, FeatureStore.WIDTH)));
    }
}
