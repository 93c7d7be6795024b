package org.eegvlm.vision.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.VisionEngine;
import org.eegvlm.vision.render.EegImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every engine; a subclass says which, and one of its networks. */
public abstract class VisionEncoderContract {

    @TempDir
    protected Path folder;

    private final VisionEngine engine;
    private final GoldenNetwork golden;

    protected VisionEncoderContract(VisionEngine engine, GoldenNetwork golden) {
        this.engine = engine;
        this.golden = golden;
    }

    /** Puts beside the weights what the engine needs besides. */
    protected void complete(NetworkConfig network) throws IOException {}

    @Test
    void isFoundByItsName() {
        assertThat(VisionEngine.named(engine.name())).hasSameClassAs(engine);
    }

    @Test
    void makesTheReferencesNumbers() throws IOException {
        var numbers = golden.numbers();

        try (var encoder = encoder(golden.network())) {
            var output = encoder.apply(Formula.pictures());

            Formula.assertClose(output.features(), numbers.floats("features"), 1e-4);
            Formula.assertClose(output.logits(), numbers.floats("logits"), 1e-4);
        }
    }

    @Test
    void encodesAPictureAloneAsAmongOthers() throws IOException {
        var pictures = Formula.pictures();
        var levels = pictures.levels();
        var first = new PictureBatch(
                Arrays.copyOf(levels, levels.length / pictures.count()), 1, pictures.bands(), pictures.picture());
        try (var encoder = encoder(golden.small())) {
            var alone = encoder.apply(first).features();

            var among = Arrays.copyOf(encoder.apply(pictures).features(), alone.length);

            assertThat(among).containsExactly(alone, within(1e-4f));
        }
    }

    @Test
    void takesGreyForTheSameOfEachColour() throws IOException {
        var pictures =
                new PictureBatch(new byte[Formula.SIDE * Formula.SIDE], 1, 1, Picture.IMAGENET.withSize(Formula.SIDE));
        new Random(1).nextBytes(pictures.levels());
        var grey = new EegImage(Formula.SIDE, Formula.SIDE, 1, pictures.levels());
        var coloured = pictures.picture().batch(List.of(new EegImage(Formula.SIDE, Formula.SIDE, grey.rgb())));
        try (var encoder = encoder(golden.small())) {
            var wanted = encoder.apply(coloured).features();

            var features = encoder.apply(pictures).features();

            assertThat(features).containsExactly(wanted);
        }
    }

    private StageEncoder encoder(NetworkConfig network) throws IOException {
        SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), Formula.weights(network), Map.of());
        complete(network);
        return engine.open(folder, network, "cpu");
    }

    VisionEngine engine() {
        return engine;
    }

    GoldenNetwork golden() {
        return golden;
    }
}
