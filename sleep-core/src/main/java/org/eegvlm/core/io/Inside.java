package org.eegvlm.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** File names that come out of data files: they may name what lies in their folder, and nothing else. */
public final class Inside {

    private Inside() {}

    /**
     * @param name as written in a data file
     * @throws IllegalArgumentException if the name leads out of the folder: absolute, by {@code ..}, or by a link
     */
    public static Path resolve(Path folder, String name) throws IOException {
        try {
            var file = folder.resolve(name).normalize();
            // Absolute, because no path starts with the empty one, to which "." normalises.
            var root = folder.toAbsolutePath().normalize();
            if (file.toAbsolutePath().normalize().startsWith(root) && !leadsOut(folder, file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "'%s' is no file name".formatted(e.getInput().replace('\0', '?')), e);
        }
        throw new IllegalArgumentException("'%s' leads out of %s".formatted(name, folder));
    }

    private static boolean leadsOut(Path folder, Path file) throws IOException {
        return Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath());
    }
}
