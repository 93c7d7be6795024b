package org.eegvlm.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What ND4J's native code needs of this machine. */
final class Processor {

    private Processor() {}

    static boolean hasAvx2() throws IOException {
        var file = Path.of("/proc/cpuinfo");
        return Files.exists(file) && Files.readString(file).contains(" avx2 ");
    }
}
