package org.eegvlm.finetune.config;

/** How several devices share the work of a training. */
public enum Parallelism {
    /** Each device holds the whole model and takes its share of every batch. */
    DATA,
    /** Each device holds some layers; the batches of a step pass them one behind the other. */
    LAYERS;

    /**
     * @param name {@code data} or {@code layers}
     * @throws IllegalArgumentException if there is no such way
     */
    public static Parallelism named(String name) {
        return switch (name) {
            case "data" -> DATA;
            case "layers" -> LAYERS;
            default ->
                throw new IllegalArgumentException("unknown --parallel '%s'; use data or layers".formatted(name));
        };
    }

    /** As {@link #named} reads it. */
    public String label() {
        return this == DATA ? "data" : "layers";
    }
}
