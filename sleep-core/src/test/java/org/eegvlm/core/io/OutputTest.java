package org.eegvlm.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {

    @TempDir
    Path folder;

    @Test
    void appearsWhenItIsFinished() throws IOException {
        var output = Output.begin(folder.resolve("x"), false);
        Files.writeString(output.partial(), "whole");
        assertThat(folder.resolve("x")).doesNotExist();

        output.finish();

        assertThat(folder.resolve("x")).hasContent("whole");
        assertThat(output.partial()).doesNotExist();
    }

    @Test
    void refusesToReplaceWhatIsFinished() throws IOException {
        Files.writeString(folder.resolve("x"), "old");
        assertThatThrownBy(() -> Output.begin(folder.resolve("x"), false)).isInstanceOf(OutputExistsException.class);
        assertThat(folder.resolve("x")).hasContent("old");
    }

    @Test
    void removesTheOldOutputAndItsPartialWhereAskedTo() throws IOException {
        Files.createDirectories(folder.resolve("x/deep"));
        Files.writeString(folder.resolve("x/deep/file"), "old");
        Files.writeString(folder.resolve("x.partial"), "older");

        Output.begin(folder.resolve("x"), true);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void clearsAwayWhatAKilledDeletionHasLeft() throws IOException {
        Files.createDirectories(folder.resolve("x.replaced/deep"));
        Files.writeString(folder.resolve("x.partial"), "to be continued");

        Output.begin(folder.resolve("x"), false);

        assertThat(folder.resolve("x.replaced")).doesNotExist();
        assertThat(folder.resolve("x.partial")).hasContent("to be continued");
    }
}
