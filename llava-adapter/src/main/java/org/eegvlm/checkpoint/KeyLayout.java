package org.eegvlm.checkpoint;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a checkpoint names its tensors, and what the original LLaVA-1.5 calls the same ones. Text-only Llama is in the
 * original layout too.
 *
 * <p>Suffixes are never touched, so the parts of a quantised weight move with it. A name that a layout does not know is
 * the same in both directions.
 */
public final class KeyLayout {

    /** What stands before {@code embeddings.} and {@code encoder.} of the vision tower in the original layout. */
    public static final String TOWER = "model.vision_tower.vision_tower.vision_model.";

    /** What stands before {@code 0.weight} and {@code 2.weight} of the projector in the original layout. */
    public static final String PROJECTOR = "model.mm_projector.";

    /** liuhaotian/llava-v1.5-*, and every plain Llama. */
    public static final KeyLayout ORIGINAL = new KeyLayout("original", tower(TOWER));

    /** llava-hf/llava-1.5-*-hf as they lie on the Hub, written by transformers before 4.52. */
    public static final KeyLayout HF = new KeyLayout(
            "llava-hf",
            new Prefix("multi_modal_projector.linear_1.", PROJECTOR + "0."),
            new Prefix("multi_modal_projector.linear_2.", PROJECTOR + "2."),
            tower("vision_tower.vision_model."),
            new Prefix("language_model.lm_head.", "lm_head."),
            new Prefix("language_model.model.", "model."));

    /** The same models as transformers 4.52 and newer name them in memory. */
    public static final KeyLayout HF_NEW = new KeyLayout(
            "llava-hf of transformers 4.52",
            new Prefix("model.multi_modal_projector.linear_1.", PROJECTOR + "0."),
            new Prefix("model.multi_modal_projector.linear_2.", PROJECTOR + "2."),
            tower("model.vision_tower.vision_model."),
            new Prefix("model.language_model.", "model."));

    /** openai/clip-*, of which the vision model alone is looked at. */
    public static final KeyLayout CLIP = new KeyLayout("CLIP", tower("vision_model."));

    private static final String TOWER_PROBE = "embeddings.class_embedding";

    private final String label;
    private final List<Prefix> prefixes;

    private record Prefix(String here, String original) {}

    /** @param prefixes the longer before those that they begin with, in both columns */
    private KeyLayout(String label, Prefix... prefixes) {
        this.label = label;
        this.prefixes = List.of(prefixes);
    }

    /** The layout of a checkpoint that has these names, all of its files together. */
    public static KeyLayout of(Collection<String> names) {
        return byDecoder(names).withTowerIn(names);
    }

    /** What the original layout calls the tensor. */
    public String toOriginal(String name) {
        for (var prefix : prefixes) {
            if (name.startsWith(prefix.here())) {
                return prefix.original() + name.substring(prefix.here().length());
            }
        }
        return name;
    }

    /** What this layout calls a tensor of the original one. */
    public String fromOriginal(String name) {
        for (var prefix : prefixes) {
            if (name.startsWith(prefix.original())) {
                return prefix.here() + name.substring(prefix.original().length());
            }
        }
        return name;
    }

    @Override
    public String toString() {
        return label;
    }

    private static KeyLayout byDecoder(Collection<String> names) {
        if (anyStartsWith(names, "language_model.", "multi_modal_projector.")) {
            return HF;
        }
        if (anyStartsWith(names, "model.language_model.", "model.multi_modal_projector.")) {
            return HF_NEW;
        }
        boolean towerAlone =
                !anyStartsWith(names, "model.") && towerPrefix(names).isPresent();
        return towerAlone ? CLIP : ORIGINAL;
    }

    /** The newest transformers write no inner {@code vision_model.}; what stands after it tells the tower all the same. */
    private KeyLayout withTowerIn(Collection<String> names) {
        var found = towerPrefix(names);
        return found.isEmpty()
                ? this
                : new KeyLayout(
                        label,
                        prefixes.stream()
                                .map(prefix -> prefix.original().equals(TOWER) ? tower(found.get()) : prefix)
                                .toArray(Prefix[]::new));
    }

    private static Optional<String> towerPrefix(Collection<String> names) {
        return names.stream()
                .filter(name -> name.endsWith(TOWER_PROBE))
                .map(name -> name.substring(0, name.length() - TOWER_PROBE.length()))
                .findFirst();
    }

    private static boolean anyStartsWith(Collection<String> names, String... prefixes) {
        return names.stream().anyMatch(name -> Arrays.stream(prefixes).anyMatch(name::startsWith));
    }

    private static Prefix tower(String here) {
        return new Prefix(here, TOWER);
    }
}
