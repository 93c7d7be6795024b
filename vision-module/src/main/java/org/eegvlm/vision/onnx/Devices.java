package org.eegvlm.vision.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** Where ONNX Runtime computes, by the names that this program uses everywhere. */
final class Devices {

    static final String CPU = "cpu";

    private static final String CUDA = "cuda:";

    private Devices() {}

    /** @throws IllegalArgumentException if the name is no device, or this build of ONNX Runtime cannot use it */
    static void choose(OrtSession.SessionOptions options, String device) {
        if (device.equals(CPU)) {
            return;
        }
        if (!device.matches(CUDA + "\\d{1,3}")) {
            throw new IllegalArgumentException("unknown device '%s'; use cpu or cuda:N".formatted(device));
        }
        try {
            options.addCUDA(Integer.parseInt(device.substring(CUDA.length())));
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    "ONNX Runtime has no %s here: build with -Pcuda on a machine with an NVIDIA GPU".formatted(device),
                    e);
        }
    }
}
