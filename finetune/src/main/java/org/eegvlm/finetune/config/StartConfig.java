package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a run begins. By default where an earlier process of the same run stopped, else at step 0 with a new adapter.
 *
 * @param mustResume whether it is a mistake that there is nothing to go on with
 * @param checkpoint the state to go on from, of this run (later checkpoints are dropped) or of another
 * @param adapter a LoRA folder, such as PEFT writes, whose weights a new run begins with
 */
public record StartConfig(boolean mustResume, Optional<Path> checkpoint, Optional<Path> adapter) {

    public static final StartConfig DEFAULT = new StartConfig(false, Optional.empty(), Optional.empty());

    public StartConfig {
        require(
                checkpoint.isEmpty() || adapter.isEmpty(),
                "a checkpoint holds the adapter already: give one of both, not both");
    }

    /** Refuses to begin at step 0. */
    public static StartConfig resumed() {
        return new StartConfig(true, Optional.empty(), Optional.empty());
    }

    public static StartConfig from(Path checkpoint) {
        return new StartConfig(false, Optional.of(checkpoint), Optional.empty());
    }

    public static StartConfig withAdapter(Path folder) {
        return new StartConfig(false, Optional.empty(), Optional.of(folder));
    }
}
