package org.eegvlm.llava.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.signal.BandPowers;
import org.eegvlm.core.signal.Findings;
import org.eegvlm.llava.TinyLlava;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NanoLlavaTest {

    @TempDir
    Path folder;

    @Test
    void makesTheSameBytesFromTheSameSeed() throws IOException {
        NanoLlava.create(config("a", 1));
        NanoLlava.create(config("b", 1));
        NanoLlava.create(config("c", 2));

        assertThat(hashes("a")).isEqualTo(hashes("b")).isNotEqualTo(hashes("c")).hasSize(9);
    }

    @Test
    void leavesAFinishedModelAlone() throws IOException {
        NanoLlava.create(config("a", 1));

        assertThatThrownBy(() -> NanoLlava.create(config("a", 1))).isInstanceOf(OutputExistsException.class);
    }

    @Test
    void startsAgainOverWhatAKilledRunLeft() throws IOException {
        NanoLlava.create(config("whole", 1));
        Files.createDirectories(folder.resolve("cut.partial"));
        Files.writeString(folder.resolve("cut.partial/model.safetensors"), "half");

        NanoLlava.create(config("cut", 1));

        assertThat(hashes("cut")).isEqualTo(hashes("whole"));
    }

    @Test
    void tiesHeadAndEmbeddings() throws IOException {
        NanoLlava.create(config("a", 1));

        var file = SafetensorsFile.open(folder.resolve("a/model.safetensors"));
        assertThat(file.floats("lm_head.weight")).isEqualTo(file.floats("model.embed_tokens.weight"));
    }

    @Test
    void hasOneTokenForEveryWordOfAnAnswer() throws IOException {
        NanoLlava.create(config("a", 1));
        var shares = new BandPowers(0.1, 0.2, 0.3, 0.2, 0.2);
        var answer = "The stage is REM. " + new Findings(shares, 0.12, 3, 23).sentence();

        try (var tokenizer = LlamaTokenizer.load(folder.resolve("a"))) {
            var ids = tokenizer.encode(answer);

            assertThat(tokenizer.decode(ids)).isEqualTo(answer);
            assertThat(ids).hasSize(1 + answer.split("(?=[ ,;.])").length);
        }
    }

    @Test
    void spellsWordsItDoesNotKnow() throws IOException {
        NanoLlava.create(config("a", 1));
        var text = "Zzyzx 1234 – naïve?\n睡眠";

        try (var tokenizer = LlamaTokenizer.load(folder.resolve("a"))) {
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    private NanoConfig config(String name, long seed) {
        return new NanoConfig(folder.resolve(name), seed, TinyLlava.DECODER, TinyLlava.TOWER, false);
    }

    private Map<Path, String> hashes(String name) throws IOException {
        var root = folder.resolve(name);
        List<Path> files;
        try (var walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        var hashes = new TreeMap<Path, String>();
        for (var file : files) {
            hashes.put(root.relativize(file), Sha256.of(file));
        }
        return hashes;
    }
}
