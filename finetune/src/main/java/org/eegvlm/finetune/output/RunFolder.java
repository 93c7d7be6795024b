package org.eegvlm.finetune.output;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;

/**
 * The folder a run writes, shaped as transformers' trainer shapes its own: checkpoints while it goes on, at the end the
 * adapter beside them.
 *
 * <p>It has its final name from the start, so that {@code checkpoint-120} in it can be asked at once. The folder itself
 * is a model when, and only when, the run is finished: {@code adapter_config.json} comes last.
 */
record RunFolder(Path path) {

    /** Names the checkpoint that an unfinished run went back to. */
    private static final String WENT_BACK = "went_back_to.txt";

    private static final String BASE = "base_model_name_or_path";
    private static final String PROJECTOR = "non_lora_trainables.bin";
    private static final List<String> MODEL =
            List.of("adapter_model.safetensors", PROJECTOR, ModelFiles.CONFIG, "eegvlm.json");

    boolean isFinished() {
        return ModelFolder.isAdapter(path);
    }

    CheckpointFolders checkpoints() {
        return new CheckpointFolders(path);
    }

    /**
     * Finds out before a large model is read whether a run may begin here.
     *
     * @throws OutputExistsException if a finished run, or something else, is here
     */
    void requireFree() throws IOException {
        if (isFinished() || (Files.exists(path) && !RunRecord.isIn(path) && !isEmpty())) {
            throw new OutputExistsException(path);
        }
    }

    /**
     * Finds out before a large model is read whether what is here may be dropped for a run.
     *
     * @param inputs of the run, all of them there
     * @throws IllegalArgumentException if something else than a run or an adapter is here, or an input lies in it
     */
    void requireReplaceable(List<Path> inputs) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        require(
                Files.isDirectory(path) && (isFinished() || RunRecord.isIn(path) || isEmpty()),
                "%s is not the folder of a run, so --overwrite does not drop it; give another --output-dir",
                path);
        for (var input : inputs) {
            require(
                    !input.toRealPath().startsWith(path.toRealPath()),
                    "the output %s holds %s, which --overwrite would drop before it is read; give another --output-dir",
                    path,
                    input);
        }
    }

    /**
     * @throws IllegalArgumentException if the folder is a file, or nobody may write there
     */
    void requireWritable() {
        var there = path.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        require(Files.isDirectory(there), "%s is no folder; give another --output-dir than %s", there, path);
        require(
                Files.isWritable(there),
                "no permission to write to %s; give another --output-dir than %s",
                there,
                path);
    }

    /** Makes the folder ready for a run that may go on here: empty, or as an earlier process of the same run left it. */
    void begin(RunRecord record, boolean overwrite) throws IOException {
        if (overwrite && isToBeDropped(record)) {
            Output.begin(path, true);
        }
        Files.createDirectories(path);
        record.write(path);
    }

    /** Whether another run was begun here, or this one is finished: nothing can go on. */
    boolean isToBeDropped(RunRecord record) throws IOException {
        return isFinished() || !record.isOf(path);
    }

    /**
     * Goes back to a checkpoint of this run, finished or not; once until the run is finished, so that the same command
     * goes on after a kill.
     */
    void goBackTo(Path checkpoint) throws IOException {
        if (wentBackTo(checkpoint)) {
            return;
        }
        Files.deleteIfExists(path.resolve(WENT_BACK));
        Files.deleteIfExists(path.resolve(ModelFolder.ADAPTER_CONFIG));
        checkpoints().deleteAfter(CheckpointFolders.step(checkpoint));
        Output.writeAtomically(path.resolve(WENT_BACK), name(checkpoint).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether an earlier process of this unfinished run went back to the checkpoint, which may be gone since. */
    boolean wentBackTo(Path checkpoint) throws IOException {
        var note = path.resolve(WENT_BACK);
        return !isFinished()
                && RunRecord.isOwn(checkpoint, path)
                && Files.exists(note)
                && Files.readString(note).equals(name(checkpoint));
    }

    private static String name(Path checkpoint) {
        return checkpoint.toAbsolutePath().normalize().getFileName().toString();
    }

    /**
     * Puts the adapter of a checkpoint beside the checkpoints, and what the newest tells of the whole run.
     *
     * @param base how the adapter names, seen from here, the model it adapts
     */
    void finish(Path chosen, Path newest, String base) throws IOException {
        for (var file : MODEL) {
            // A plain Llama has no projector.
            if (!file.equals(PROJECTOR) || Files.exists(chosen.resolve(file))) {
                copy(chosen.resolve(file));
            }
        }
        copy(newest.resolve(TrainerState.FILE));
        copy(newest.resolve(TrainingLog.STEPS));
        if (Files.exists(newest.resolve(TrainingLog.EVALUATIONS))) {
            copy(newest.resolve(TrainingLog.EVALUATIONS));
        }
        var adapter = (ObjectNode) Json.readTree(chosen.resolve(ModelFolder.ADAPTER_CONFIG));
        Json.write(path.resolve(ModelFolder.ADAPTER_CONFIG), adapter.put(BASE, base));
        Files.deleteIfExists(path.resolve(WENT_BACK));
    }

    private void copy(Path file) throws IOException {
        Output.writeAtomically(
                path.resolve(file.getFileName()),
                fresh -> Files.copy(file, fresh, StandardCopyOption.REPLACE_EXISTING));
    }

    private boolean isEmpty() throws IOException {
        try (var entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }
}
