package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFoldersTest {

    private static final String TOWER = "openai/clip-vit-large-patch14-336";

    @TempDir
    private Path home;

    @Test
    void takesAPathAsItIs() throws IOException {
        assertThat(folders(Map.of()).find(home.toString())).contains(home);
    }

    @Test
    void findsTheTowerBesideTheModel() throws IOException {
        var model = Files.createDirectories(home.resolve("models/llava"));
        var tower = Files.createDirectories(home.resolve("models/clip-vit-large-patch14-336"));

        assertThat(folders(Map.of()).find(TOWER, model)).contains(tower);
    }

    @Test
    void findsTheTowerInTheModel() throws IOException {
        var tower = Files.createDirectories(home.resolve("llava/clip"));

        assertThat(folders(Map.of()).find("clip", home.resolve("llava"))).contains(tower);
    }

    @Test
    void findsAModelBelowTheOwnFolder() throws IOException {
        var other = Files.createDirectories(home.resolve("big/models/vicuna-7b-v1.5"));
        var tower = Files.createDirectories(home.resolve(".eegvlm/models").resolve(TOWER));

        assertThat(folders(Map.of("EEGVLM_HOME", home.resolve("big").toString()))
                        .find("lmsys/vicuna-7b-v1.5"))
                .contains(other);
        assertThat(folders(Map.of()).find(TOWER)).contains(tower);
    }

    @Test
    void findsTheRevisionThatTheCacheOfHuggingFaceHolds() throws IOException {
        var repository = home.resolve("hf/hub/models--openai--clip-vit-large-patch14-336");
        var snapshot = Files.createDirectories(repository.resolve("snapshots/ce19dc912ca5"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), "ce19dc912ca5\n");

        assertThat(folders(Map.of("HF_HOME", home.resolve("hf").toString())).find(TOWER))
                .contains(snapshot);
    }

    @Test
    void doesNotFollowACacheOutOfItself() throws IOException {
        var repository = home.resolve("hf/hub/models--a--b");
        Files.createDirectories(repository.resolve("snapshots"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), "../..");

        assertThat(folders(Map.of("HF_HOME", home.resolve("hf").toString())).find("a/b"))
                .isEmpty();
    }

    @Test
    void tellsWhereItLookedAndHowToGetIt() {
        assertThat(folders(Map.of()).advice(TOWER))
                .contains(home.resolve(".eegvlm/models").resolve(TOWER).toString())
                .contains(home.resolve(".cache/huggingface/hub/models--openai--clip-vit-large-patch14-336")
                        .toString())
                .contains("huggingface-cli download " + TOWER)
                .doesNotContain("\n");
    }

    @Test
    void saysNothingOfTheHubWhereAPathIsMeant() {
        assertThatThrownBy(() -> ModelFolders.resolve("/nowhere/at/all"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no model folder /nowhere/at/all");
    }

    private ModelFolders folders(Map<String, String> environment) {
        return new ModelFolders(environment, home);
    }
}
