package org.eegvlm.core;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real recordings, which are not part of the project; a test that needs one skips where they are absent. */
public final class TestData {

    private TestData() {}

    /** A file or folder of the test data. */
    public static Path path(String name) {
        var path = Path.of(System.getProperty("eegvlm.testData", "../../shared/data"))
                .resolve(name);
        Assumptions.assumeTrue(Files.exists(path), "SKIPPED: no test data at " + path);
        return path;
    }
}
