package org.eegvlm.finetune.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What the learning rates do after the warm-up, in the words of transformers' {@code --lr_scheduler_type}. */
public enum Decay {
    /** Half a cosine down to 0. */
    COSINE("cosine"),
    /** A straight line down to 0. */
    LINEAR("linear"),
    /** They stay; there is no warm-up either. */
    CONSTANT("constant"),
    /** They stay. */
    CONSTANT_WITH_WARMUP("constant_with_warmup");

    private final String label;

    Decay(String label) {
        this.label = label;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static Decay named(String label) {
        return Arrays.stream(values())
                .filter(decay -> decay.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown learning rate schedule '%s'; use one of %s"
                        .formatted(
                                label, Arrays.stream(values()).map(Decay::label).collect(Collectors.joining(", ")))));
    }

    public String label() {
        return label;
    }
}
