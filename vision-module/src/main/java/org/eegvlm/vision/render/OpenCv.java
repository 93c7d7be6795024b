package org.eegvlm.vision.render;

import org.bytedeco.opencv.global.opencv_core;

/** Starts OpenCV. */
final class OpenCv {

    static {
        // Epochs are rendered side by side already: threads within one picture would only get in each other's way.
        opencv_core.setNumThreads(1);
    }

    private OpenCv() {}

    /** Does nothing but the first time, when it loads the native library. */
    static void start() {}
}
