package org.eegvlm.features;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;

/** An open vision module and its folder. */
record Encoder(Path model, FeatureExtractor extractor) implements AutoCloseable {

    static Encoder open(Path model, Execution execution) throws IOException {
        return new Encoder(model, FeatureExtractor.open(model, execution));
    }

    @Override
    public void close() {
        extractor.close();
    }
}
