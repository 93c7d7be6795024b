package org.eegvlm.finetune.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeepSpeedFileTest {

    @TempDir
    Path folder;

    @Test
    void takesTheLimitOfTheNormAndTellsOfTheRest() throws IOException {
        var file = read("""
                {"zero_optimization": {"stage": 3, "offload_param": {"device": "cpu"}}, "gradient_clipping": 0.5}
                """);

        assertThat(file.clipping()).contains(0.5);
        assertThat(file.note()).contains("ZeRO 3", "--parallel layers", "--bits 4");
    }

    @Test
    void leavesWhatIsAutoToTheFlags() throws IOException {
        var file = read("{\"zero_optimization\": {\"stage\": 2}, \"gradient_clipping\": \"auto\"}");

        assertThat(file.clipping()).isEmpty();
        assertThat(file.note()).contains("ZeRO 2 is here --parallel data");
    }

    @Test
    void tellsThatAFileIsNotThereAndNotNeeded() throws IOException {
        assertThat(DeepSpeedFile.read(folder.resolve("zero3.json")).note()).contains("zero3.json is not there");
    }

    @Test
    void refusesWhatIsNoConfiguration() {
        assertThatThrownBy(() -> read("[]"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("DeepSpeed");
    }

    private DeepSpeedFile read(String text) throws IOException {
        return DeepSpeedFile.read(Files.writeString(folder.resolve("zero3.json"), text));
    }
}
