package org.eegvlm.core.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that grows line by line, and that a killed writer may have left within a line, or within a letter. */
public final class PartialLines {

    private PartialLines() {}

    /**
     * Cuts the file back to whole lines.
     *
     * @param group how many lines are written together; a group that is not whole is cut off too
     * @return how many lines are left; 0 where there is no file
     */
    public static int keep(Path file, int group) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        int lines = 0;
        int kept = 0;
        long end = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            long position = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                position++;
                if (b == '\n' && ++lines % group == 0) {
                    kept = lines;
                    end = position;
                }
            }
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
        }
        return kept;
    }
}
