package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.Device;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.eegvlm.kernels.TorchDevice;

/**
 * How it runs.
 *
 * @param device {@code cpu} or {@code cuda:N}, or several: {@code cuda:0,1}
 * @param parallelism how several devices share the work; empty where there is one
 * @param seed decides order, dropout and first weights
 * @param overwrite whether a finished output, or another run's unfinished one, may be replaced
 * @param start where it begins
 */
public record ExecutionConfig(
        String device, Optional<Parallelism> parallelism, long seed, boolean overwrite, StartConfig start) {

    public static final ExecutionConfig DEFAULT =
            new ExecutionConfig("cpu", Optional.empty(), 42, false, StartConfig.DEFAULT);

    public ExecutionConfig {
        var devices = TorchDevice.list(device);
        require(
                devices.size() == 1 || parallelism.isPresent(),
                "training on %s: say --parallel data (the whole model on each, a share of every batch) or --parallel layers (some layers on each)",
                device);
        var gpus = devices.stream().filter(Device::isGpu).toList();
        require(
                gpus.isEmpty() || gpus.size() == devices.size(),
                "--device %s names the processor beside GPUs; name devices of one kind",
                device);
        require(new HashSet<>(gpus).size() == gpus.size(), "--device %s names a GPU twice", device);
    }

    public ExecutionConfig withDevice(String newDevice) {
        return new ExecutionConfig(newDevice, parallelism, seed, overwrite, start);
    }

    /** Several devices, and how they share the work. */
    public ExecutionConfig withDevices(String newDevices, Parallelism newParallelism) {
        return new ExecutionConfig(newDevices, Optional.of(newParallelism), seed, overwrite, start);
    }

    public ExecutionConfig withSeed(long newSeed) {
        return new ExecutionConfig(device, parallelism, newSeed, overwrite, start);
    }

    public ExecutionConfig withOverwrite(boolean newOverwrite) {
        return new ExecutionConfig(device, parallelism, seed, newOverwrite, start);
    }

    public ExecutionConfig withStart(StartConfig newStart) {
        return new ExecutionConfig(device, parallelism, seed, overwrite, newStart);
    }

    /** The devices of each replica of the model: one of each, or all of a single one. */
    public List<List<Device>> replicas() {
        var devices = TorchDevice.list(device);
        return parallelism.equals(Optional.of(Parallelism.DATA))
                ? devices.stream().map(List::of).toList()
                : List.of(devices);
    }
}
