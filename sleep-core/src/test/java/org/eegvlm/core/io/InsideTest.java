package org.eegvlm.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After CVE-2024-37032 and CVE-2025-61784: names in data files must not reach other files. */
class InsideTest {

    @TempDir
    private Path root;

    private Path folder;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectory(root.resolve("images"));
        Files.createDirectory(root.resolve("images_evil"));
        Files.writeString(root.resolve("images_evil/secret"), "secret");
    }

    @Test
    void resolvesAFileOfTheFolder() throws IOException {
        assertThat(Inside.resolve(folder, "a/b.png")).isEqualTo(folder.resolve("a/b.png"));
    }

    @Test
    void takesTheWorkingDirectoryForAFolder() throws IOException {
        assertThat(Inside.resolve(Path.of("."), "1.png")).isEqualTo(Path.of("1.png"));
        assertThatThrownBy(() -> Inside.resolve(Path.of("."), "../1.png")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../images_evil/secret", "/etc/passwd", "a/../../x", "\0"})
    void refusesANameThatLeadsOut(String name) {
        assertThatThrownBy(() -> Inside.resolve(folder, name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesALinkThatLeadsOut() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.png"), root.resolve("images_evil/secret"));

        assertThatThrownBy(() -> Inside.resolve(folder, "link.png"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("link.png");
    }
}
