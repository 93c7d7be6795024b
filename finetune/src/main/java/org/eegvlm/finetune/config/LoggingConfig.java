package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

/**
 * What a run tells while it goes on.
 *
 * @param steps between two lines of {@code trainer_state.json}; {@code loss.jsonl} has every step
 * @param tensorBoard whether an event file for TensorBoard is written
 */
public record LoggingConfig(int steps, boolean tensorBoard) {

    public static final LoggingConfig DEFAULT = new LoggingConfig(1, true);

    public LoggingConfig {
        require(steps > 0, "the number of steps between log lines must be positive, was " + steps);
    }
}
