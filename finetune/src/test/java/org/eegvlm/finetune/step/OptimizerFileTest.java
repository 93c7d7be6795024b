package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizerFileTest {

    @TempDir
    Path folder;

    @Test
    void restoresWhatItWrote() throws IOException {
        var file = folder.resolve("optimizer.safetensors");
        try (var manager = NDManager.newBaseManager()) {
            var parameters = List.of(manager.ones(new Shape(2, 3)), manager.ones(new Shape(4)));
            var gradients = List.of(manager.arange(6f).reshape(2, 3), manager.arange(4f));
            try (var saved = new AdamW(parameters, AdamWConfig.DEFAULT);
                    var restored = new AdamW(parameters, AdamWConfig.DEFAULT)) {
                saved.update(gradients, 0.1);
                saved.update(gradients, 0.1);

                OptimizerFile.write(file, saved);
                OptimizerFile.restore(file, restored);

                assertThat(restored.step()).isEqualTo(2);
                assertThat(restored.firstMoments()).isEqualTo(saved.firstMoments());
                assertThat(restored.secondMoments()).isEqualTo(saved.secondMoments());
            }
        }
        assertThat(SafetensorsFile.open(file).tensors())
                .containsOnlyKeys("exp_avg.0", "exp_avg.1", "exp_avg_sq.0", "exp_avg_sq.1");
    }
}
