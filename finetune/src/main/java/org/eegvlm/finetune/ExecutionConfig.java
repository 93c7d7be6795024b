package org.eegvlm.finetune;

import static org.eegvlm.core.Preconditions.require;

/**
 * How it runs.
 *
 * @param device {@code cpu} or {@code cuda:N}
 * @param seed decides order, dropout and first weights
 * @param overwrite whether a finished output, or another run's unfinished one, may be replaced
 * @param start where it begins
 */
public record ExecutionConfig(String device, long seed, boolean overwrite, StartConfig start) {

    public static final ExecutionConfig DEFAULT = new ExecutionConfig("cpu", 42, false, StartConfig.DEFAULT);

    public ExecutionConfig {
        require(!device.contains(","), "training takes one device, was given %s: name one", device);
    }

    public ExecutionConfig withDevice(String newDevice) {
        return new ExecutionConfig(newDevice, seed, overwrite, start);
    }

    public ExecutionConfig withSeed(long newSeed) {
        return new ExecutionConfig(device, newSeed, overwrite, start);
    }

    public ExecutionConfig withOverwrite(boolean newOverwrite) {
        return new ExecutionConfig(device, seed, newOverwrite, start);
    }

    public ExecutionConfig withStart(StartConfig newStart) {
        return new ExecutionConfig(device, seed, overwrite, newStart);
    }
}
