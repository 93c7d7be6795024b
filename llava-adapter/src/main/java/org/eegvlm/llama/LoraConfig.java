package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a linear layer W becomes W + (alpha / rank) · B · A, as in Hu et al. 2021 (arXiv:2106.09685).
 *
 * @param rank rows of A and columns of B
 * @param alpha strength of the update
 * @param dropout share of the inputs of A that training drops
 * @param targets the layers that are adapted
 */
public record LoraConfig(int rank, double alpha, double dropout, Set<Projection> targets) {

    /** LLaVA-1.5's published LoRA recipe. */
    public static final LoraConfig DEFAULT = new LoraConfig(128, 256, 0.05, EnumSet.allOf(Projection.class));

    private static final int LARGEST_RANK = 1 << 16;

    public LoraConfig {
        require(1 <= rank && rank <= LARGEST_RANK, "LoRA rank must be in 1..65536, was " + rank);
        require(alpha > 0 && Double.isFinite(alpha), "LoRA alpha must be positive, was " + alpha);
        require(0 <= dropout && dropout < 1, "LoRA dropout must be in [0, 1), was " + dropout);
        require(!targets.isEmpty(), "name at least one layer for LoRA to adapt");
        targets = Set.copyOf(targets);
    }

    /**
     * Of an adapter's folder, as PEFT writes it.
     *
     * @throws org.eegvlm.core.MalformedDataException if its file asks for what is not computed here
     */
    public static LoraConfig in(Path folder) throws IOException {
        return PeftFolder.readConfig(folder);
    }

    /** The factor on the update; it keeps the learning rate usable when the rank changes. */
    public double scaling() {
        return alpha / rank;
    }

    public LoraConfig withRank(int rank, double alpha) {
        return new LoraConfig(rank, alpha, dropout, targets);
    }

    public LoraConfig withDropout(double dropout) {
        return new LoraConfig(rank, alpha, dropout, targets);
    }
}
