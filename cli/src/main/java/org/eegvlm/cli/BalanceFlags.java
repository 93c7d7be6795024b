package org.eegvlm.cli;

import java.util.Optional;
import org.eegvlm.core.manifest.Balance;
import org.eegvlm.core.manifest.BalanceStrategy;
import org.eegvlm.core.manifest.WeightMethod;
import picocli.CommandLine.Option;

/** How rare stages are made to count more; the names are EEG2LLM's. */
final class BalanceFlags {

    @Option(
            names = "--balance-strategy",
            defaultValue = "original",
            description = "Of the train epochs: original, all once; balanced, as many as there are; oversample, "
                    + "none left out; undersample, none repeated (${DEFAULT-VALUE}).")
    private BalanceStrategy strategy = BalanceStrategy.ORIGINAL;

    @Option(
            names = "--balance-alpha",
            paramLabel = "0..1",
            description = "1: the stages' own shares; 0: those of the weight method (0).")
    private Optional<Double> alpha = Optional.empty();

    @Option(
            names = "--weight-method",
            description = "inverse: equal shares; sqrt_inverse and log_inverse go less far (inverse).")
    private Optional<WeightMethod> method = Optional.empty();

    @Option(
            names = "--balance-seed",
            defaultValue = "0",
            description = "Decides which epochs are left out or repeated (${DEFAULT-VALUE}).")
    private long seed;

    Balance balance() {
        return strategy == BalanceStrategy.ORIGINAL
                ? Balance.NONE
                : new Balance(strategy, alpha.orElse(0.0), method.orElse(WeightMethod.INVERSE), seed);
    }

    /** What was given and changes nothing. */
    void noteWhatIsInVain(Terminal terminal) {
        if (strategy == BalanceStrategy.ORIGINAL && (alpha.isPresent() || method.isPresent())) {
            terminal.note("--balance-alpha and --weight-method change nothing where --balance-strategy is original");
        }
    }
}
