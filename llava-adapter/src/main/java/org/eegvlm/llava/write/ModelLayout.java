package org.eegvlm.llava.write;

/** The two ways in which LLaVA-1.5 lies on disk. For a text-only Llama they are one. */
public enum ModelLayout {
    /** As its authors published it: a Llama with a projector, the vision tower in a folder of its own. */
    ORIGINAL,
    /** As transformers' {@code LlavaForConditionalGeneration} reads it, the tower inside. */
    HF
}
