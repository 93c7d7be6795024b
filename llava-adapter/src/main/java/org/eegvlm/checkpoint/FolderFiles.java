package org.eegvlm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * The files of a model folder. The folder may come from strangers: what it holds must lie in it, links followed, and no
 * text file may be larger than such a file ever is.
 */
public final class FolderFiles {

    static final String CONFIG = "config.json";

    /** A config with a thousand labels has some 50 kB. */
    private static final long LARGEST_CONFIG = 4 << 20;

    /** A pointer of Git LFS has some 130 bytes. */
    private static final long LARGEST_POINTER = 1024;

    private static final String POINTER = "version https://git-lfs";

    private final Path folder;
    private final Path root;
    private final Optional<Path> blobs;

    private FolderFiles(Path folder, Path root, Optional<Path> blobs) {
        this.folder = folder;
        this.root = root;
        this.blobs = blobs;
    }

    /** @throws IllegalArgumentException if there is no such folder */
    public static FolderFiles open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no model folder " + folder);
        }
        var root = folder.toRealPath();
        return new FolderFiles(folder, root, blobs(root));
    }

    public Path path() {
        return folder;
    }

    /**
     * The file of that name, if the folder has one.
     *
     * @throws MalformedDataException if it is a link that leads out of the folder, or was not downloaded
     */
    public Optional<Path> file(String name) throws IOException {
        var file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        var real = file.toRealPath();
        if (!real.startsWith(root) && blobs.stream().noneMatch(real::startsWith)) {
            throw new MalformedDataException(
                    file, "is a link to %s, outside the model folder; put the file itself there".formatted(real));
        }
        refusePointer(file);
        return Optional.of(file);
    }

    /**
     * A JSON file of the folder.
     *
     * @throws IllegalArgumentException if the folder has no such file
     * @throws MalformedDataException if it is larger than allowed, or no JSON
     */
    public JsonNode json(String name, long largest) throws IOException {
        var file = file(name)
                .orElseThrow(() ->
                        new IllegalArgumentException("%s has no %s: it is no model folder".formatted(folder, name)));
        long size = Files.size(file);
        if (size > largest) {
            throw new MalformedDataException(file, "has %d bytes; no more than %d are read".formatted(size, largest));
        }
        return Json.readTree(file);
    }

    /** The parsed {@code config.json}, with the errors of {@link #json}. */
    public JsonNode config() throws IOException {
        return json(CONFIG, LARGEST_CONFIG);
    }

    /** In Hugging Face's cache, models--x/snapshots/revision holds links to files in models--x/blobs. */
    private static Optional<Path> blobs(Path root) {
        var snapshots = root.getParent();
        return snapshots != null && snapshots.endsWith("snapshots")
                ? Optional.of(snapshots.resolveSibling("blobs"))
                : Optional.empty();
    }

    private static void refusePointer(Path file) throws IOException {
        if (Files.size(file) <= LARGEST_POINTER
                && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).startsWith(POINTER)) {
            throw new MalformedDataException(
                    file, "is a pointer of Git LFS, not the file; run 'git lfs pull' in its folder");
        }
    }
}
