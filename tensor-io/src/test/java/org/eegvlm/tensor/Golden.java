package org.eegvlm.tensor;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Files that Python's libraries wrote, by {@code reference/make_tensor_files.py}. */
final class Golden {

    /** 0.5 n − 1 for n from 0: exact in every type. */
    static final float[] ROWS = {-1, -0.5f, 0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4.5f};

    private Golden() {}

    static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
