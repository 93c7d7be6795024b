package org.eegvlm.core.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/**
 * An output that appears whole or not at all.
 *
 * <p>While a step works, its output lives in {@link #partial()}, beside the final place. {@link #finish()} moves it
 * there in one step. A step that was killed finds its partial output again and goes on; a finished output is only
 * replaced on request. Works for a file and for a folder alike.
 *
 * <pre>{@code
 * var output = Output.begin(config.output(), config.overwrite());
 * write(output.partial());
 * output.finish();
 * }</pre>
 */
public record Output(Path target) {

    /**
     * @throws OutputExistsException if {@code target} is finished and may not be replaced
     */
    public static Output begin(Path target, boolean overwrite) throws IOException {
        var output = new Output(target.toAbsolutePath().normalize());
        if (Files.exists(output.target)) {
            if (!overwrite) {
                throw new OutputExistsException(target);
            }
            deleteTree(output.partial());
            deleteTree(output.replaced());
            Files.move(output.target, output.replaced(), StandardCopyOption.ATOMIC_MOVE);
        }
        deleteTree(output.replaced());
        Files.createDirectories(output.target.getParent());
        return output;
    }

    /** Where the work goes until it is finished. */
    public Path partial() {
        return target.resolveSibling(target.getFileName() + ".partial");
    }

    /** Makes the partial output the finished one, on disk, before it returns. */
    public void finish() throws IOException {
        if (Files.isRegularFile(partial())) {
            sync(partial());
        }
        Files.move(partial(), target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes a whole file to where it is told. */
    @FunctionalInterface
    public interface Content {
        void write(Path file) throws IOException;
    }

    /** Writes a small file so that a reader sees the old one or the whole new one. */
    public static void writeAtomically(Path file, byte[] content) throws IOException {
        writeAtomically(file, fresh -> Files.write(fresh, content));
    }

    /** The same for a file of any size; it is on disk when this returns. */
    public static void writeAtomically(Path file, Content content) throws IOException {
        var fresh = fresh(file);
        content.write(fresh);
        sync(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where a file is written that is to appear at once; a killed program leaves it there. */
    public static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /** Deletes a file or a folder with all it holds; a missing one is no error. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Where an old output goes while it is deleted: what is left of it must not look finished. */
    private Path replaced() {
        return target.resolveSibling(target.getFileName() + ".replaced");
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
