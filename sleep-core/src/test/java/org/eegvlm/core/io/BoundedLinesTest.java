package org.eegvlm.core.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLinesTest {

    @TempDir
    Path folder;

    @Test
    void endsALineAsEverySystemDoes() throws IOException {
        assertThat(lines("a\nb\r\nc\rd")).containsExactly("a", "b", "c", "d");
    }

    @Test
    void keepsEmptyLinesButNotOneAfterTheLastEnd() throws IOException {
        assertThat(lines("a\n\r\n\rb\r\n")).containsExactly("a", "", "", "b");
        assertThat(lines("a\r")).containsExactly("a");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void refusesALineWithoutEndBeforeItFillsTheMemory() throws IOException {
        var file = folder.resolve("endless");
        try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.position(1L << 40).write(ByteBuffer.allocate(1)); // sparse: takes no room
        }

        try (var lines = BoundedLines.open(file, UTF_8, 100)) {
            assertThatThrownBy(lines::next)
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("line 1: is longer than 100 characters");
        }
    }

    private List<String> lines(String text) throws IOException {
        var read = new ArrayList<String>();
        try (var lines = BoundedLines.open(Files.writeString(folder.resolve("text"), text), UTF_8, 100)) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                read.add(line.get());
            }
        }
        return read;
    }
}
