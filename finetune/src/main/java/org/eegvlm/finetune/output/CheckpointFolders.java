package org.eegvlm.finetune.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eegvlm.core.io.Output;

/**
 * The checkpoints of a run, {@code checkpoint-120} after 120 steps.
 *
 * <p>A checkpoint appears under its name when it is whole and on the disk; what a killed run left half-written has
 * another name and is removed. An older one goes only when a newer one is there.
 */
record CheckpointFolders(Path run) {

    /** Where the next checkpoint is written until it is whole. */
    static final String UNFINISHED = "checkpoint.tmp";

    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");

    /** Writes the files of a checkpoint into an empty folder. */
    @FunctionalInterface
    interface Content {
        void write(Path folder) throws IOException;
    }

    /** Where the checkpoint of a step lies, or would lie. */
    Path of(long step) {
        return run.resolve("checkpoint-" + step);
    }

    boolean has(long step) {
        return Files.isDirectory(of(step));
    }

    void save(long step, Content content) throws IOException {
        var fresh = run.resolve(UNFINISHED);
        Output.deleteTree(fresh);
        Files.createDirectories(fresh);
        try {
            content.write(fresh);
            sync(fresh);
        } catch (IOException e) {
            Output.deleteTree(fresh); // on a full disk the room is wanted
            throw e;
        }
        Output.deleteTree(of(step));
        Files.move(fresh, of(step), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Deletes all but the newest few.
     *
     * @param best the step of one that stays, however old
     */
    void keep(int newest, Optional<Long> best) throws IOException {
        var all = all();
        for (var folder : all.subList(0, Math.max(0, all.size() - newest))) {
            if (best.isEmpty() || step(folder) != best.get()) {
                Output.deleteTree(folder);
            }
        }
    }

    Optional<Path> newest() throws IOException {
        var all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Goes back to a checkpoint: those after it are deleted. */
    void deleteAfter(long step) throws IOException {
        Output.deleteTree(run.resolve(UNFINISHED));
        for (var folder : all()) {
            if (step(folder) > step) {
                Output.deleteTree(folder);
            }
        }
    }

    /** After how many steps this checkpoint was written; −1 where the folder is none. */
    static long step(Path folder) {
        var name = NAME.matcher(folder.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }

    /** From the oldest to the newest. */
    private List<Path> all() throws IOException {
        try (var entries = Files.list(run)) {
            return entries.filter(entry -> step(entry) >= 0)
                    .sorted(Comparator.comparingLong(CheckpointFolders::step))
                    .toList();
        }
    }

    /** A name that outlives a power cut must not outlive its content. */
    private static void sync(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }
}
