package org.eegvlm.vision.render;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;

/**
 * Where rendering writes. Finished is what has a manifest: it comes last. Until then pictures lie in {@code *.partial}
 * folders, and {@code epochs.jsonl.partial/} remembers the plan and the nights that are done; a run with the same plan
 * goes on there, one with another plan starts anew.
 */
final class RenderOutput {

    static final String MANIFEST = "epochs.jsonl";
    static final String SPEC = "render.json";
    static final List<String> PICTURE_FOLDERS = List.of(Split.TRAIN.pictureFolder(), Split.EVAL.pictureFolder());

    private static final String PLAN = "plan.sha256";

    private final Path folder;
    private final Path work;

    private final boolean files;

    private RenderOutput(Path folder, boolean files) {
        this.folder = folder;
        this.files = files;
        this.work = folder.resolve(MANIFEST + ".partial");
    }

    /**
     * @param plan a hash of all that decides about the pictures
     * @param files whether pictures are written
     * @throws OutputExistsException if a finished output is there, or pictures of unknown origin
     */
    static RenderOutput begin(Path folder, String plan, boolean files, boolean overwrite) throws IOException {
        var output = new RenderOutput(folder.toAbsolutePath().normalize(), files);
        Files.createDirectories(output.folder);
        boolean finished = Files.exists(output.folder.resolve(MANIFEST));
        if (finished && !overwrite) {
            throw new OutputExistsException(folder.resolve(MANIFEST));
        }
        if (finished || !output.follows(plan)) {
            output.clear(overwrite);
            Files.createDirectories(output.work);
            Output.writeAtomically(output.work.resolve(PLAN), plan.getBytes(StandardCharsets.UTF_8));
        }
        for (var name : PICTURE_FOLDERS) {
            if (files && !Files.exists(output.folder.resolve(name))) {
                Files.createDirectories(output.partial(name));
            }
        }
        return output;
    }

    Path folder() {
        return folder;
    }

    /** Writes a picture of this split, if pictures are written at all. */
    void write(Split split, String name, byte[] png) throws IOException {
        if (files) {
            Files.write(partial(split.pictureFolder()).resolve(name), png);
        }
    }

    /** The records of a night that an earlier run has drawn to its end. */
    Optional<List<EpochRecord>> drawn(String night) throws IOException {
        var file = records(night);
        return Files.exists(file) ? Optional.of(Json.readLines(file, EpochRecord.class)) : Optional.empty();
    }

    /** Remembers that all pictures of a night are written. */
    void markDrawn(String night, List<EpochRecord> records) throws IOException {
        Json.writeLines(records(night), records);
    }

    /** Makes it the finished output; may be interrupted and called again. */
    void finish(EpochManifest manifest, RenderSpec spec) throws IOException {
        for (var name : PICTURE_FOLDERS) {
            if (Files.exists(partial(name))) {
                Files.move(partial(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Json.write(folder.resolve(SPEC), spec);
        manifest.write(folder.resolve(MANIFEST));
        Output.deleteTree(work);
    }

    private boolean follows(String plan) throws IOException {
        var file = work.resolve(PLAN);
        return Files.exists(file) && Files.readString(file).equals(plan);
    }

    private void clear(boolean overwrite) throws IOException {
        Files.deleteIfExists(folder.resolve(MANIFEST));
        for (var name : PICTURE_FOLDERS) {
            Output.deleteTree(partial(name));
            if (Files.exists(folder.resolve(name)) && !overwrite) {
                throw new OutputExistsException(folder.resolve(name));
            }
            Output.deleteTree(folder.resolve(name));
        }
        Output.deleteTree(work);
    }

    private Path partial(String name) {
        return folder.resolve(name + ".partial");
    }

    private Path records(String night) {
        return work.resolve(night + ".jsonl");
    }
}
