package org.eegvlm.cli;

import java.util.List;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import picocli.CommandLine.Option;

/** What is added to the decoder's layers. */
final class LoraFlags {

    @Option(names = "--lora-r", description = "Rank of the update (128).")
    private int rank = LoraConfig.DEFAULT.rank();

    @Option(names = "--lora-alpha", description = "Strength of the update (256).")
    private double alpha = LoraConfig.DEFAULT.alpha();

    @Option(names = "--lora-dropout", description = "Share of inputs dropped (0.05).")
    private double dropout = LoraConfig.DEFAULT.dropout();

    @Option(
            names = "--lora-target-modules",
            arity = "1..*",
            split = ",",
            paramLabel = "LAYER",
            description = "Which layers, such as q_proj v_proj (all-linear).")
    private List<String> targets = List.of("all-linear");

    LoraConfig lora() {
        return new LoraConfig(rank, alpha, dropout, Projection.targets(targets));
    }
}
