package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eegvlm.llama.Closeness.relativeError;

import ai.djl.Device;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that PEFT 0.15.2 saved in its several ways, against the logits that it computes with them. */
@Tag("reference")
class PeftAdaptersTest {

    private static final Path FOLDER = TinyLlama.resource("peft-adapters");

    @ParameterizedTest
    @ValueSource(strings = {"bin", "rslora", "some-targets", "some-targets-bin"})
    void computesTheLogitsOfPeft(String name) throws IOException {
        var golden = SafetensorsFile.open(FOLDER.resolve("golden.safetensors"));
        var ids = new long[9];
        golden.map("ids").asLongBuffer().get(ids);
        try (var llama = TinyLlama.open();
                var adapter = LoraAdapter.load(FOLDER.resolve(name), llama.config, Device.cpu());
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            llama.decoder.attach(adapter);
            var x = llama.forward(llama.decoder.embed(llama.manager.create(ids, new Shape(1, 9))));

            assertThat(relativeError(llama.decoder.logits(x).toFloatArray(), golden.floats("logits." + name)))
                    .isLessThan(1e-5);
        }
    }
}
