package org.eegvlm.server;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRenderer;

/** Draws windows as the training's pictures were drawn, and encodes pictures as the training's were encoded. */
final class WindowEncoder implements AutoCloseable {

    private final FeatureExtractor extractor;
    private final EpochRenderer renderer;
    private final Optional<Standardization> standardization;

    private WindowEncoder(FeatureExtractor extractor, Optional<Standardization> standardization) {
        this.extractor = extractor;
        this.standardization = standardization;
        renderer = new EpochRenderer(extractor.config().renderSpec());
    }

    /** @throws IllegalArgumentException if the language model was trained with another vision module */
    static WindowEncoder open(Path vision, String device, Optional<ModelCard> card) throws IOException {
        var trainedWith = card.flatMap(ModelCard::encoder);
        require(
                trainedWith.isEmpty() || trainedWith.get().equals(FeatureExtractor.encoderSha256(vision)),
                "%s is not the vision module that the language model was trained with",
                vision);
        return new WindowEncoder(FeatureExtractor.open(vision, device), card.flatMap(ModelCard::standardization));
    }

    RgbImage draw(SignalWindow window) {
        requireOneEpoch(window);
        try {
            var conditioner = renderer.spec().signalConditioning().at(window.rateHz());
            var windows =
                    Arrays.stream(window.microvolts()).map(conditioner::apply).toList();
            var image = renderer.render(windows);
            return new RgbImage(image.width(), image.height(), image.rgb());
        } catch (IllegalArgumentException e) {
            throw Refusal.unfit(String.valueOf(e.getMessage()));
        }
    }

    /** Resampling first would let a low rate ask for any amount of memory; so the numbers are the client's, too. */
    private void requireOneEpoch(SignalWindow window) {
        var spec = renderer.spec();
        if (window.microvolts().length != spec.channels().size()) {
            throw Refusal.unfit("the model looks at %d channels, given are %d"
                    .formatted(spec.channels().size(), window.microvolts().length));
        }
        long expected = spec.epochsShown() * Math.round(spec.epochSeconds() * window.rateHz());
        for (var channel : window.microvolts()) {
            if (channel.length != expected || expected < 2) {
                throw Refusal.unfit(
                        "a channel has %d samples; the model looks at %s s, which at %s Hz are %d, and needs 2"
                                .formatted(channel.length, spec.shownSeconds(), window.rateHz(), expected));
            }
        }
    }

    /** The standardised features of a picture. */
    float[] row(RgbImage picture) {
        var image = new EegImage(picture.width(), picture.height(), picture.rgb());
        var features = extractor.encode(List.of(image)).features()[0];
        return standardization.map(given -> given.apply(features)).orElse(features);
    }

    @Override
    public void close() {
        renderer.close();
        extractor.close();
    }
}
