package org.eegvlm.vision.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.NetworkConfig;
import org.eegvlm.vision.StageEncoder;
import org.eegvlm.vision.VisionEngine;
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
            var output = encoder.apply(Formula.pictures(), Formula.PICTURES);

            Formula.assertClose(output.features(), numbers.floats("features"), 1e-4);
            Formula.assertClose(output.logits(), numbers.floats("logits"), 1e-4);
        }
    }

    @Test
    void encodesAPictureAloneAsAmongOthers() throws IOException {
        var pictures = Formula.pictures();
        var first = Arrays.copyOf(pictures, pictures.length / Formula.PICTURES);
        try (var encoder = encoder(golden.small())) {
            var alone = encoder.apply(first, 1).features();

            var among = Arrays.copyOf(encoder.apply(pictures, Formula.PICTURES).features(), alone.length);

            assertThat(among).containsExactly(alone, within(1e-4f));
        }
    }

    @Test
    void takesOneBandForEachOfItsChannels() throws IOException {
        var network = golden.small();
        var grey = Arrays.copyOf(Formula.pictures(), Formula.PICTURES * network.inputSize() * network.inputSize());
        try (var encoder = encoder(network)) {
            var wanted = encoder.apply(network.inAllChannels(grey, Formula.PICTURES), Formula.PICTURES);

            var output = encoder.apply(grey, Formula.PICTURES);

            assertThat(output.features()).containsExactly(wanted.features());
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
