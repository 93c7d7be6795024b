package org.eegvlm.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A resource file of kernels.
 *
 * @param owner the class beside which it lies
 * @param resource its name
 */
public record KernelSource(Class<?> owner, String resource) {

    /** @throws IllegalStateException if there is no such resource, which is a bug */
    String text() {
        try (var text = owner.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException("no resource " + resource + " beside " + owner.getName());
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
