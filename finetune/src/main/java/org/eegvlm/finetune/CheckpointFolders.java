package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eegvlm.core.io.Output;

/**
 * The checkpoints of a run, {@code checkpoint-120} after 120 steps, of which the newest is kept.
 *
 * <p>A checkpoint appears under its name when it is whole; what a killed run left half-written has another name and is
 * removed.
 */
record CheckpointFolders(Path run) {

    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");

    /** Writes the files of a checkpoint into an empty folder. */
    @FunctionalInterface
    interface Content {
        void write(Path folder) throws IOException;
    }

    void save(long step, Content content) throws IOException {
        var whole = run.resolve("checkpoint-" + step);
        var fresh = run.resolve("checkpoint.tmp");
        Output.deleteTree(fresh);
        Files.createDirectories(fresh);
        content.write(fresh);
        Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE);
        keep(whole);
    }

    Optional<Path> newest() throws IOException {
        return all().stream().max(Comparator.comparingLong(CheckpointFolders::step));
    }

    void deleteAll() throws IOException {
        Output.deleteTree(run.resolve("checkpoint.tmp"));
        for (var folder : all()) {
            Output.deleteTree(folder);
        }
    }

    private void keep(Path newest) throws IOException {
        for (var folder : all()) {
            if (!folder.equals(newest)) {
                Output.deleteTree(folder);
            }
        }
    }

    private List<Path> all() throws IOException {
        try (var entries = Files.list(run)) {
            return entries.filter(entry -> step(entry) >= 0).toList();
        }
    }

    /** −1 where the folder is no checkpoint. */
    private static long step(Path folder) {
        var name = NAME.matcher(folder.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }
}
