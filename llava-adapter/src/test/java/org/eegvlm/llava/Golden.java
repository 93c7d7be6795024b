package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Path;

/** Where the golden files lie that the scripts under {@code reference/} made. */
final class Golden {

    static final Path PICTURES = Path.of("src/test/resources/org/eegvlm/llava/pictures");
    static final Path TINY_CLIP = Path.of("src/test/resources/org/eegvlm/llava/tiny-clip");

    private Golden() {}

    static RgbImage picture(String name) throws IOException {
        return RgbImage.read(PICTURES.resolve(name + ".png"));
    }
}
