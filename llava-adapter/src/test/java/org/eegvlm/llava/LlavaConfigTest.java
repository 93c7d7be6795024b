package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlavaConfigTest {

    private static final Path FILE = Path.of("config.json");

    @TempDir
    private Path folder;

    @Test
    void readsTheSameModelFromBothLayouts() throws Exception {
        var hf = read(layouts().resolve("hub"));
        var original = read(layouts().resolve("original"));

        assertThat(hf.llama()).isEqualTo(original.llama());
        assertThat(hf.visionWidth()).isEqualTo(original.visionWidth()).isEqualTo(8);
        assertThat(hf.selectLayer()).isEqualTo(original.selectLayer()).isEqualTo(-2);
        assertThat(hf.visionTower()).isEmpty();
        assertThat(original.visionTower()).contains("inside");
    }

    /** The config of llava-hf/llava-1.5-7b-hf leaves out whatever is a default of its class. */
    @Test
    void fillsSparseConfigsWithTheDefaultsOfTheirClasses() throws IOException {
        var config = LlavaConfig.read(
                json("{'model_type':'llava','text_config':{'model_type':'llama','vocab_size':32064,"
                        + "'max_position_embeddings':4096,'rms_norm_eps':1e-05},"
                        + "'vision_config':{'hidden_size':1024,'image_size':336,'intermediate_size':4096,"
                        + "'model_type':'clip_vision_model','num_attention_heads':16,'num_hidden_layers':24,"
                        + "'patch_size':14,'projection_dim':768,'vocab_size':32000}}"),
                FILE);

        assertThat(config.llama().hiddenSize()).isEqualTo(4096);
        assertThat(config.llama().layers()).isEqualTo(32);
        assertThat(config.llama().intermediateSize()).isEqualTo(11008);
        assertThat(config.llama().vocabularySize()).isEqualTo(32064);
        assertThat(config.visionWidth()).isEqualTo(1024);
        assertThat(config.selectLayer()).isEqualTo(-2);
        assertThat(config.padToSquare()).isFalse();
    }

    @Test
    void takesLlavasOwnTowerWhereNothingIsSaid() throws IOException {
        assertThat(LlavaConfig.read(json("{'text_config':{}}"), FILE).visionWidth())
                .isEqualTo(1024);
        assertThat(ClipConfig.read(json("{'vision_config':null}"), FILE)).isEqualTo(ClipConfig.VIT_L_14_336);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'vision_feature_select_strategy':'full' | full",
                "'projector_hidden_act':'relu' | relu",
                "'vision_feature_layer':[-2,-1] | vision_feature_layer",
                "'multimodal_projector_bias':false | multimodal_projector_bias",
                "'vision_config':{'model_type':'siglip_vision_model'} | siglip_vision_model"
            })
    void refusesWhatIsNotComputed(String setting, String named) {
        var json = "{'text_config':{},%s}".formatted(setting);

        assertThatThrownBy(() -> LlavaConfig.read(json(json), FILE))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(named);
    }

    @Test
    void padsWhereThePreprocessorSaysSo() throws Exception {
        for (var name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(layouts().resolve("hub").resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("preprocessor_config.json"), "{\"do_pad\":true}");

        var model = ModelFolder.open(folder, Optional.empty());
        assertThat(LlavaConfig.of(model).orElseThrow().padToSquare()).isTrue();
    }

    @Test
    void findsTheTowerThatTheConfigNamesByItsHubId() throws Exception {
        var model = Checkpoint.open(layouts().resolve("original-bin-sharded"));
        var tower = VisionSource.find(LlavaConfig.read(model.config(), model.configFile()), model, model.folder());
        assertThat(tower.checkpoint().folder()).isEqualTo(layouts().resolve("clip-bin"));
        assertThat(tower.config().imageSize()).isEqualTo(8);
    }

    @Test
    void findsTheTowerInTheModelsOwnFiles() throws Exception {
        var model = Checkpoint.open(layouts().resolve("hub"));
        var tower = VisionSource.find(LlavaConfig.read(model.config(), model.configFile()), model);
        assertThat(tower.checkpoint()).isSameAs(model);
        assertThat(tower.config().layers()).isEqualTo(2);
    }

    private static LlavaConfig read(Path folder) throws IOException {
        var file = folder.resolve("config.json");
        return LlavaConfig.read(Json.readTree(file), file);
    }

    private static JsonNode json(String text) throws IOException {
        return Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private static Path layouts() throws URISyntaxException {
        return Path.of(Checkpoint.class.getResource("layouts").toURI());
    }
}
