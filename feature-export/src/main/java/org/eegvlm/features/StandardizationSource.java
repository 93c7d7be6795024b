package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;

/** Where an existing standardisation is kept: in a fine-tuned model's card, or in the sidecar of a feature file. */
final class StandardizationSource {

    private StandardizationSource() {}

    /** A {@link org.eegvlm.core.data.FeatureSidecar} without its rows, of which there may be any number. */
    record Kept(String encoder, Standardization standardization) {

        Kept {
            require(encoder != null && standardization != null, "a sidecar has an encoder and a standardisation");
        }

        static Kept in(Path sidecar) throws IOException {
            return Json.read(sidecar, Kept.class);
        }
    }

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
        var kept = Kept.in(modelOrSidecar);
        return checked(modelOrSidecar, Optional.of(kept.encoder()), Optional.of(kept.standardization()), encoder);
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
