package org.eegvlm.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialLinesTest {

    @TempDir
    Path folder;

    @Test
    void cutsOffALineThatEndsWithinALetter() throws IOException {
        var bytes = "one\ntwo µV".getBytes(StandardCharsets.UTF_8);
        var file = Files.write(folder.resolve("x"), Arrays.copyOf(bytes, bytes.length - 2));

        assertThat(PartialLines.keep(file, 1)).isEqualTo(1);
        assertThat(file).hasContent("one\n");
    }

    @Test
    void keepsWholeGroupsOnly() throws IOException {
        var file = Files.writeString(folder.resolve("x"), "1\n2\n3\n4\n5\n");

        assertThat(PartialLines.keep(file, 2)).isEqualTo(4);
        assertThat(file).hasContent("1\n2\n3\n4\n");
    }

    @Test
    void findsNothingWhereThereIsNoFile() throws IOException {
        assertThat(PartialLines.keep(folder.resolve("x"), 1)).isZero();
    }
}
