package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.finetune.TinyRun;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.LlavaModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraineeTest {

    @TempDir
    private Path folder;

    @Test
    void keepsNoAdapterWhereThatOfAnotherReplicaCannotBeMade() throws IOException {
        var tiny = TinyRun.in(folder);
        var made = new ArrayList<LoraAdapter>();
        Trainee.Source source = model -> {
            require(made.isEmpty(), "one is enough");
            made.add(LoraAdapter.fresh(LoraConfig.DEFAULT, model.decoder(), 1));
            return made.get(0);
        };
        try (var model = LlavaModel.open(tiny.base(), Optional.empty(), LoadOptions.on("cpu"))) {
            assertThatThrownBy(() -> Trainee.adapters(List.of(model, model), source))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        var tensor = made.get(0).parameters().get(0);
        assertThatThrownBy(tensor::toFloatArray).isInstanceOf(IllegalStateException.class);
    }
}
