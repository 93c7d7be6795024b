package org.eegvlm.finetune;

/**
 * How it runs.
 *
 * @param devices {@code cpu}, {@code cuda:N} or {@code cuda:0,1}
 * @param seed decides order, dropout and first weights
 * @param overwrite whether a finished output, or another run's unfinished one, may be replaced
 * @param start where it begins
 */
public record ExecutionConfig(String devices, long seed, boolean overwrite, StartConfig start) {

    public static final ExecutionConfig DEFAULT = new ExecutionConfig("cpu", 42, false, StartConfig.DEFAULT);

    public ExecutionConfig withDevices(String newDevices) {
        return new ExecutionConfig(newDevices, seed, overwrite, start);
    }

    public ExecutionConfig withSeed(long newSeed) {
        return new ExecutionConfig(devices, newSeed, overwrite, start);
    }

    public ExecutionConfig withOverwrite(boolean newOverwrite) {
        return new ExecutionConfig(devices, seed, newOverwrite, start);
    }

    public ExecutionConfig withStart(StartConfig newStart) {
        return new ExecutionConfig(devices, seed, overwrite, newStart);
    }
}
