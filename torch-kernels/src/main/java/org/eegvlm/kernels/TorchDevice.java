package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Where tensors live and kernels run, in the words of {@code --device}. */
public final class TorchDevice {

    static final String ENGINE = "PyTorch";

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}");

    private TorchDevice() {}

    /** @param name {@code cpu}, {@code cuda} or {@code cuda:N} */
    public static Device of(String name) {
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        var cuda = CUDA.matcher(name);
        if (!cuda.matches()) {
            throw new IllegalArgumentException("unknown device '" + name + "'; use cpu, cuda or cuda:N");
        }
        return Device.gpu(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }

    /** @throws IllegalArgumentException if libtorch sees no such device here */
    public static void requirePresent(Device device) {
        if (device.isGpu()) {
            int seen = Engine.getEngine(ENGINE).getGpuCount();
            if (device.getDeviceId() >= seen) {
                throw new IllegalArgumentException(
                        "no device %s: this program's libtorch sees %d GPUs; use cpu, or build for GPUs with EEGVLM_MAVEN_ARGS=-Pcuda"
                                .formatted(name(device), seen));
            }
        }
    }

    /**
     * What nobody has taken of a GPU's memory, in bytes.
     *
     * @throws IllegalArgumentException if libtorch sees no such device here
     */
    public static long freeBytes(Device gpu) {
        requirePresent(gpu);
        JniUtils.emptyCudaCache(); // what libtorch keeps of closed tensors would count as taken
        var memory = CudaUtils.getGpuMemory(gpu);
        return memory.getMax() - memory.getCommitted();
    }

    /** What {@link #of} makes a device from. */
    public static String name(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /** @param names one device, or several: {@code cuda:0,1} or {@code cuda:0,cuda:1} */
    public static List<Device> list(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> of(NUMBER.matcher(name).matches() ? "cuda:" + name : name))
                .toList();
    }
}
