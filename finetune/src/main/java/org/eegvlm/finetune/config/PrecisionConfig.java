package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.ndarray.types.DataType;
import org.eegvlm.checkpoint.LoadOptions;

/**
 * In which numbers the base computes, and what of it is kept for the way back. LoRA, projector, gradients and loss are
 * at least float32 in any case.
 *
 * @param type FLOAT32, BFLOAT16, or, to compare implementations, FLOAT64
 * @param fourBit whether the decoder's projections are held in four bits (NF4), as in QLoRA
 * @param checkpointing whether the forward pass keeps the input of each layer alone and computes the layer again on the
 *     way back: less memory, a third more time
 */
public record PrecisionConfig(DataType type, boolean fourBit, boolean checkpointing) {

    public static final PrecisionConfig DEFAULT = new PrecisionConfig(DataType.FLOAT32, false, true);

    public PrecisionConfig {
        require(
                type != DataType.FLOAT16,
                "float16 overflows in training without scaled losses, which are not there; train in bfloat16");
        LoadOptions.name(type);
    }
}
