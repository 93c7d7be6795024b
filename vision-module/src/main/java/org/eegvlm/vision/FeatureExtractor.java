package org.eegvlm.vision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.VisionEngine;
import org.eegvlm.vision.render.EegImage;

/**
 * A trained vision module: pictures in, 1024 features and five probabilities out. A fold model's features come aligned.
 *
 * <p>A picture's row does not depend on the others it is encoded with but for the last bits of rounding. Not for use by
 * several threads at once.
 */
public final class FeatureExtractor implements AutoCloseable {

    /** More at once are no quicker. */
    private static final int MOST_AT_ONCE = 32;

    private final VisionCard config;
    private final StageEncoder network;
    private final Optional<Alignment> alignment;
    private final int atOnce;

    private FeatureExtractor(VisionCard config, StageEncoder network, Optional<Alignment> alignment, int atOnce) {
        this.config = config;
        this.network = network;
        this.alignment = alignment;
        this.atOnce = atOnce;
    }

    /** Opens what {@link VisionTraining} has written, on the CPU. */
    public static FeatureExtractor open(Path modelDir) throws IOException {
        return open(modelDir, "cpu");
    }

    /** With the default engine. */
    public static FeatureExtractor open(Path modelDir, String device) throws IOException {
        return open(modelDir, Execution.DEFAULT.withDevice(device));
    }

    /**
     * At the load that is said, or at one that fits; where not even one picture does, it is tried, with a warning.
     *
     * @throws IllegalArgumentException if there is no model in the folder, or no such engine
     * @throws org.eegvlm.core.MalformedDataException if a weight is missing or has another shape
     */
    public static FeatureExtractor open(Path modelDir, Execution execution) throws IOException {
        var config = card(modelDir);
        var engine = VisionEngine.named(execution.engine());
        var told = execution.load();
        var load = told.isPresent() ? told.get() : load(modelDir, config, execution, LoadFit::chooseAnyway);
        var alignment = Alignment.in(modelDir);
        // Last: what fails after it would leave its native memory behind.
        engine.useThreads(load.threads());
        var network = engine.open(modelDir, config.network(), execution.device());
        return new FeatureExtractor(config, network, alignment, load.atOnce());
    }

    /**
     * At which load a model encodes: what is not asked for is chosen so that the memory at hand holds it, if it can.
     *
     * @throws IllegalArgumentException if there is no model in the folder, no such engine, or too little memory for the
     *     pictures at once that are asked for
     */
    public static Load load(Path modelDir, Execution asked) throws IOException {
        return load(
                modelDir, card(modelDir), asked, asked.atOnce().isPresent() ? LoadFit::choose : LoadFit::chooseAnyway);
    }

    private static Load load(Path modelDir, VisionCard card, Execution asked, BiFunction<LoadFit, Load, Load> choice)
            throws IOException {
        var engine = VisionEngine.named(asked.engine());
        var usual = new Load(MOST_AT_ONCE, engine.usualThreads()); // first: its library takes memory, too
        var need = engine.encodingNeed(modelDir, card.network());
        return choice.apply(LoadFit.of(asked, need, engine.memoryAtHand(asked.device()), 1), usual);
    }

    /**
     * What a model tells of itself.
     *
     * @throws IllegalArgumentException if there is no model in the folder
     */
    public static VisionCard card(Path modelDir) throws IOException {
        requireModel(modelDir);
        return VisionCard.in(modelDir);
    }

    private static void requireModel(Path modelDir) {
        var weights = modelDir.resolve(VisionEngine.WEIGHTS);
        if (!Files.isRegularFile(weights) || !Files.isRegularFile(modelDir.resolve(VisionCard.FILE))) {
            throw new IllegalArgumentException("%s holds no vision module (%s and %s); train one with train-vision"
                    .formatted(modelDir, VisionEngine.WEIGHTS, VisionCard.FILE));
        }
    }

    /** Encodes any number of pictures, as rendered: they are brought to the network's size here. */
    public Encoded encode(List<EegImage> images) {
        var encoded = encode(network, config.picture(), images, atOnce);
        if (alignment.isEmpty()) {
            return encoded;
        }
        var aligned =
                Arrays.stream(encoded.features()).map(alignment.get()::apply).toArray(float[][]::new);
        return new Encoded(aligned, encoded.probabilities());
    }

    static Encoded encode(StageEncoder network, Picture picture, List<EegImage> images, int atOnce) {
        var features = new float[images.size()][];
        var probabilities = new float[images.size()][];
        for (int from = 0; from < images.size(); from += atOnce) {
            var batch = images.subList(from, Math.min(from + atOnce, images.size()));
            var output = network.apply(picture.batch(batch));
            for (int i = 0; i < batch.size(); i++) {
                features[from + i] = row(output.features(), i, batch.size());
                probabilities[from + i] = softmax(row(output.logits(), i, batch.size()));
            }
        }
        return new Encoded(features, probabilities);
    }

    public VisionCard config() {
        return config;
    }

    /**
     * Names the weights in a model's folder: SHA-256 of {@code model.safetensors}, or, of a fold model, of that and of its
     * alignment's. Reads all of them: ask once.
     *
     * @throws IllegalArgumentException if there is no model in the folder
     */
    public static String encoderSha256(Path modelDir) throws IOException {
        requireModel(modelDir);
        var weights = Sha256.of(modelDir.resolve(VisionEngine.WEIGHTS));
        var alignment = modelDir.resolve(Alignment.FILE);
        return Files.exists(alignment)
                ? Sha256.of((weights + Sha256.of(alignment)).getBytes(StandardCharsets.US_ASCII))
                : weights;
    }

    private static float[] row(float[] matrix, int row, int rows) {
        int width = matrix.length / rows;
        return Arrays.copyOfRange(matrix, row * width, (row + 1) * width);
    }

    private static float[] softmax(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        var shares = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            shares[i] = Math.exp(logits[i] - highest);
            sum += shares[i];
        }
        var probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (shares[i] / sum);
        }
        return probabilities;
    }

    @Override
    public void close() {
        network.close();
    }
}
