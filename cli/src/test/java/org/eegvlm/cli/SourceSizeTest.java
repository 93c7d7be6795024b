package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceSizeTest {
    private static final Path ROOT = Path.of("..");
    private static final int MOST_LINES = 400;

    @Test
    void noMainSourceIsTooLongToReadInOneSitting() throws IOException {
        var sources = mainSources();

        assertThat(sources)
                .hasSizeGreaterThan(50)
                .allSatisfy(source -> assertThat(Files.readAllLines(source))
                        .as("lines of %s", source)
                        .hasSizeLessThanOrEqualTo(MOST_LINES));
    }

    private static List<Path> mainSources() throws IOException {
        var main = FileSystems.getDefault().getPathMatcher("glob:../*/src/main/java/**.java");
        try (var files = Files.find(ROOT, Integer.MAX_VALUE, (path, attributes) -> main.matches(path))) {
            return files.toList();
        }
    }
}
