package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One step of the demo.
 *
 * @param product what is there when, and only when, the step is finished
 */
record DemoStep(String name, Path product, Work work) {

    /** Does the step and tells in a few words what came of it. */
    @FunctionalInterface
    interface Work {
        String run() throws IOException;
    }

    boolean finished() {
        return Files.exists(product);
    }
}
