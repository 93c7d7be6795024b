package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.eegvlm.kernels.TorchDevice;

/**
 * On which device each decoder layer lies: neighbours together, in the order of the devices, so that a token crosses
 * from one to the next once.
 *
 * @param stages in that order; a device without room for a layer has none
 */
record LayerPlacement(List<DecoderStage> stages) {

    /** What one layer in this type needs besides its weights is bounded by what is left. */
    private static final double USABLE = 0.9;

    LayerPlacement {
        stages = List.copyOf(stages);
    }

    /** @param bytes that the weights of one layer take */
    static LayerPlacement of(int layers, long bytes, List<Device> devices) {
        if (devices.size() == 1) {
            return new LayerPlacement(List.of(new DecoderStage(devices.get(0), 0, layers)));
        }
        var free = devices.stream().mapToLong(LayerPlacement::free).toArray();
        int[] counts = counts(layers, bytes, free);
        var stages = new ArrayList<DecoderStage>();
        int first = 0;
        for (int d = 0; d < counts.length; d++) {
            if (counts[d] > 0) {
                stages.add(new DecoderStage(devices.get(d), first, first + counts[d]));
            }
            first += counts[d];
        }
        return new LayerPlacement(stages);
    }

    /** The device of each layer. */
    List<Device> layers() {
        return stages.stream()
                .flatMap(stage -> Collections.nCopies(stage.end() - stage.first(), stage.device()).stream())
                .toList();
    }

    /**
     * How many layers go to each device: as its share of the free memory is, rounded so that all find a place.
     *
     * @throws IllegalArgumentException if together they have too little
     */
    static int[] counts(int layers, long bytes, long[] free) {
        double total = Arrays.stream(free).asDoubleStream().sum();
        double needed = (double) layers * bytes;
        require(
                needed <= USABLE * total,
                "%d layers of %.2f GB do not fit into %.1f GB free on %d devices; take bf16, four bits or more devices"
                        .formatted(layers, bytes / 1e9, total / 1e9, free.length));
        var counts = new int[free.length];
        double share = 0;
        int placed = 0;
        for (int d = 0; d < free.length; d++) {
            share += free[d] / total;
            counts[d] = (int) Math.round(layers * share) - placed;
            placed += counts[d];
        }
        return counts;
    }

    /** The host's memory is not divided, so that several "devices" on it share the layers evenly. */
    private static long free(Device device) {
        return device.isGpu() ? TorchDevice.freeBytes(device) : Long.MAX_VALUE >> 8;
    }
}
