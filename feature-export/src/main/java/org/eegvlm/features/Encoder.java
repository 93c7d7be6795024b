package org.eegvlm.features;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.vision.FeatureExtractor;

/** An open vision module and its folder. */
record Encoder(Path model, FeatureExtractor extractor) implements AutoCloseable {

    static Encoder open(Path model, ExportConfig.Encoding encoding) throws IOException {
        return new Encoder(model, FeatureExtractor.open(model, encoding.engine(), encoding.device()));
    }

    @Override
    public void close() {
        extractor.close();
    }
}
