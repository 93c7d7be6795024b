package org.eegvlm.tokenizer;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The small tokenizers that lie beside these tests. */
final class TokenizerFolders {

    private TokenizerFolders() {}

    static Path named(String name) {
        try {
            return Path.of(Objects.requireNonNull(TokenizerFolders.class.getResource(name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
