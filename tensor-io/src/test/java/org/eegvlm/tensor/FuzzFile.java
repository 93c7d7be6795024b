package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts each input of a fuzz test into a file, always the same one. */
final class FuzzFile {

    private final Path file;

    FuzzFile() throws IOException {
        file = Files.createTempFile("input", ".fuzz");
        file.toFile().deleteOnExit();
    }

    Path holding(byte[] content) throws IOException {
        return Files.write(file, content);
    }
}
