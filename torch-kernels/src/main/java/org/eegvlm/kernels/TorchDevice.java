package org.eegvlm.kernels;

import ai.djl.Device;
import java.util.regex.Pattern;

/** Where tensors live and kernels run, in the words of {@code --device}. */
public final class TorchDevice {

    static final String ENGINE = "PyTorch";

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

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
}
