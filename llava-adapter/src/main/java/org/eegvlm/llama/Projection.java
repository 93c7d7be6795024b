package org.eegvlm.llama;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The seven linear layers of a decoder layer, in the order in which it uses them. */
public enum Projection {
    Q("self_attn", "q_proj"),
    K("self_attn", "k_proj"),
    V("self_attn", "v_proj"),
    O("self_attn", "o_proj"),
    GATE("mlp", "gate_proj"),
    UP("mlp", "up_proj"),
    DOWN("mlp", "down_proj");

    private final String block;
    private final String target;

    Projection(String block, String target) {
        this.block = block;
        this.target = target;
    }

    /**
     * The layers that LoRA is to adapt.
     *
     * @param names as PEFT has them; {@code all-linear} or {@code all} stands for each
     * @throws IllegalArgumentException if a decoder has no such layer
     */
    public static Set<Projection> targets(Collection<String> names) {
        var targets = EnumSet.noneOf(Projection.class);
        for (var name : names) {
            if (name.equals("all-linear") || name.equals("all")) {
                targets.addAll(EnumSet.allOf(Projection.class));
            } else {
                targets.add(named(name));
            }
        }
        return targets;
    }

    private static Projection named(String name) {
        return Arrays.stream(values())
                .filter(projection -> projection.target.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown target module '%s'; known are %s"
                        .formatted(
                                name,
                                Arrays.stream(values()).map(Projection::target).collect(Collectors.joining(", ")))));
    }

    /** Its name as a LoRA target: {@code q_proj}. */
    public String target() {
        return target;
    }

    /** Its path inside a layer: {@code self_attn.q_proj}. */
    String path() {
        return block + "." + target;
    }

    /** Columns of its matrix. */
    public int inputWidth(LlamaConfig config) {
        return switch (this) {
            case Q, K, V, GATE, UP -> config.hiddenSize();
            case O -> config.attention().queryWidth();
            case DOWN -> config.intermediateSize();
        };
    }

    /** Rows of its matrix. */
    public int outputWidth(LlamaConfig config) {
        return switch (this) {
            case Q -> config.attention().queryWidth();
            case K, V -> config.attention().keyValueWidth();
            case GATE, UP -> config.intermediateSize();
            case O, DOWN -> config.hiddenSize();
        };
    }
}
