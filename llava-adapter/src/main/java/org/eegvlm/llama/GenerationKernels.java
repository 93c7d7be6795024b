package org.eegvlm.llama;

import ai.djl.Device;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eegvlm.kernels.Kernels;

/** The kernels of generation, compiled once for each device and kept for the life of the process: they hold no tensor. */
final class GenerationKernels {

    private static final Map<Device, Kernels> KERNELS = new ConcurrentHashMap<>();

    private GenerationKernels() {}

    static Kernels on(Device device) {
        return KERNELS.computeIfAbsent(
                device, key -> Kernels.load(key, GenerationKernels.class, "generation.kernels.py"));
    }
}
