package org.eegvlm.llava;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.tensor.MalformedTensorException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What vision towers made of pictures, kept in a folder: a frozen tower says the same of the same picture, in the next
 * training and in the evaluation after it.
 *
 * <p>A picture is known by the bytes of its file; a tower by its weights, by what pictures go through before it, and by the numbers
 * it computes in. So one folder serves all models, and a changed picture is another one. Where the folder grows beyond
 * its bound, what was used least recently goes. Several processes and threads may use it at once.
 *
 * <p>Every picture has a file of its own. It is kept and dropped alone, it is there whole or not at all wherever a process is
 * killed, and no process has to wait for another; files of many pictures would need a lock, an index, and tidying up. Nor
 * would they be smaller: a picture takes 1.2 or 2.4 MB at LLaVA-1.5's 576 × 1024, 256 kB at the demo's 64 × 1024.
 */
public final class TowerCache {

    private static final Logger LOG = LoggerFactory.getLogger(TowerCache.class);
    private static final String TENSOR = "patches";
    private static final String SUFFIX = ".safetensors";
    private static final String UNFINISHED = ".tmp";

    /** After clearing up there is room for a while, so that not every picture has to look through the folder. */
    private static final double FILLED_AGAIN_TO = 0.9;

    private final Path folder;
    private final long mostBytes;

    /** At least what lies there, as far as this process knows; negative before it looked. */
    private long bytes = -1;

    private boolean keeps = true;

    /** @param mostBytes what the folder may take on the disk, a picture more or less */
    public TowerCache(Path folder, long mostBytes) {
        require(mostBytes > 0, "a cache needs room, was given %d bytes", mostBytes);
        this.folder = folder;
        this.mostBytes = mostBytes;
    }

    /** One for all runs of a user: {@code $EEGVLM_HOME/tower-cache}, by default {@code ~/.eegvlm/tower-cache}. */
    public static Path userFolder() {
        return Optional.ofNullable(System.getenv("EEGVLM_HOME"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".eegvlm"))
                .resolve("tower-cache");
    }

    /**
     * @param tower SHA-256 of all that decides about its features
     * @param picture its {@link PictureSource#sha256}
     * @return [patches, width], flat
     */
    Optional<float[]> find(String tower, String picture) throws IOException {
        var file = file(tower, picture);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var patches = SafetensorsFile.open(file).floats(TENSOR);
            touch(file);
            return Optional.of(patches);
        } catch (MalformedTensorException e) {
            LOG.warn("{}; it is computed again", e.getMessage());
            Files.deleteIfExists(file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty(); // another process needed the room
        }
    }

    /** Whether it was kept, as far as can be told without reading it. */
    boolean has(String tower, String picture) throws IOException {
        var file = file(tower, picture);
        if (!Files.isReadable(file)) {
            return false;
        }
        try {
            touch(file);
            return true;
        } catch (NoSuchFileException e) {
            return false; // another process needed the room
        }
    }

    /** Where the folder takes nothing, being full or another's, a run goes on without it: only time is lost. */
    synchronized void keep(String tower, String picture, TensorData patches) {
        if (!keeps) {
            return;
        }
        try {
            write(file(tower, picture), patches);
            if (bytes > mostBytes) {
                makeRoom();
            }
        } catch (IOException e) {
            keeps = false;
            LOG.warn("{} takes no more pictures: {}", folder, e.toString());
        }
    }

    private void write(Path file, TensorData patches) throws IOException {
        var parent = Files.createDirectories(file.resolveSibling(""));
        var fresh = Files.createTempFile(parent, "patches", UNFINISHED);
        try {
            SafetensorsWriter.write(fresh, Map.of(TENSOR, patches), Map.of());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        bytes = bytes < 0 ? total(entries()) : bytes + Files.size(file);
    }

    /** An entry of somebody else's stays as old as it is: only its owner may say when it was last used. */
    private static void touch(Path file) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            LOG.debug("{} is not ours: {}", file, e.toString());
        }
    }

    private Path file(String tower, String picture) {
        return folder.resolve(tower.substring(0, 16))
                .resolve(picture.substring(0, 2))
                .resolve(picture + SUFFIX);
    }

    private void makeRoom() throws IOException {
        var entries = entries();
        bytes = total(entries);
        entries.sort(Comparator.comparing(Entry::used));
        for (var entry : entries) {
            if (bytes <= mostBytes * FILLED_AGAIN_TO) {
                return;
            }
            Files.deleteIfExists(entry.file());
            bytes -= entry.bytes();
        }
    }

    private record Entry(Path file, long bytes, FileTime used) {}

    private List<Entry> entries() throws IOException {
        var entries = new ArrayList<Entry>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                entries.add(new Entry(file, attributes.size(), attributes.lastModifiedTime()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // another process was faster
            }
        });
        return entries;
    }

    private static long total(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }
}
