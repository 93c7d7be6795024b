package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Llama2cFileTest {

    /** dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len. */
    private static final int[] TIED = {8, 3, 2, 2, 1, 5, 6};

    private static final int[] UNTIED = {8, 3, 2, 2, 1, -5, 6};

    /** All floats: 40 + 16 + 128 + 64 + 64 + 128 + 16 + 3 * 48 + 8 + 24, and a head of 40. */
    private static final int FLOATS = 632;

    @TempDir
    private Path folder;

    @Test
    void findsEveryTensorInItsPlace() throws IOException {
        var file = Llama2cFile.open(write(TIED, FLOATS));

        assertThat(file.floats("model.embed_tokens.weight")).hasSize(40).startsWith(0f, 1f);
        assertThat(file.floats("model.layers.1.input_layernorm.weight"))
                .hasSize(8)
                .startsWith(48f, 49f);
        assertThat(file.floats("model.layers.0.self_attn.v_proj.weight"))
                .hasSize(32)
                .startsWith(248f, 249f);
        assertThat(file.tensor("model.layers.1.mlp.down_proj.weight").shape()).containsExactly(8, 3);
        assertThat(file.floats("model.norm.weight")).startsWith(600f).endsWith(607f);
        assertThat(file.tensors()).doesNotContainKey("lm_head.weight");
    }

    @Test
    void takesAHeadOfItsOwnFromBehindTheTables() throws IOException {
        var file = Llama2cFile.open(write(UNTIED, FLOATS + 40));

        assertThat(file.floats("lm_head.weight")).hasSize(40).startsWith(632f);
        assertThat(file.header().vocabulary()).isEqualTo(5);
    }

    @Test
    void putsTheEvenRowsOfAHeadBeforeTheOddOnes() throws IOException {
        var keys = Llama2cFile.open(write(TIED, FLOATS)).floats("model.layers.0.self_attn.k_proj.weight");

        // One head of four rows of eight; the first number of each row, before: 184, 192, 200, 208.
        assertThat(new float[] {keys[0], keys[8], keys[16], keys[24]}).containsExactly(184, 200, 192, 208);
        assertThat(keys[1]).isEqualTo(185);
    }

    @ParameterizedTest
    @CsvSource({"631, 2556 bytes", "633, 2556 bytes"})
    void refusesAFileOfAnotherSize(int floats, String problem) throws IOException {
        var path = write(TIED, floats);

        assertThatThrownBy(() -> Llama2cFile.open(path))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({"0, n_heads", "-1, n_heads", "3, do not go together", "2147483647, n_heads"})
    void refusesHeadsThatCannotBe(int heads, String problem) throws IOException {
        var header = TIED.clone();
        header[3] = heads;
        var path = write(header, FLOATS);

        assertThatThrownBy(() -> Llama2cFile.open(path))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void refusesSizesWhoseProductOverflows() throws IOException {
        var path = write(new int[] {1 << 24, 1 << 24, 1024, 2, 1, 1 << 24, 1 << 24}, 0);

        assertThatThrownBy(() -> Llama2cFile.open(path)).isInstanceOf(MalformedTensorException.class);
    }

    @Test
    void refusesTheLaterVersions() throws IOException {
        var path = write(new int[] {0x616b3432, 1, 2, 3, 4, 5, 6}, 0);

        assertThatThrownBy(() -> Llama2cFile.open(path)).hasMessageContaining("later versions");
    }

    private Path write(int[] header, int floats) throws IOException {
        var bytes = ByteBuffer.allocate(28 + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
        for (int field : header) {
            bytes.putInt(field);
        }
        for (int i = 0; i < floats; i++) {
            bytes.putFloat(i);
        }
        return Files.write(folder.resolve("model.bin"), bytes.array());
    }
}
