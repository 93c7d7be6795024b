package org.eegvlm.cli;

import java.util.Optional;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.LoggingConfig;
import org.eegvlm.finetune.config.SavingConfig;
import picocli.CommandLine.Option;

/** What a run leaves while it goes on: checkpoints and logs. */
final class SavingFlags {

    @Option(names = "--save-strategy", description = "no, steps or epoch (steps).")
    private String strategy = "steps";

    @Option(names = "--save-steps", description = "Steps between checkpoints (50).")
    private int saveSteps = SavingConfig.DEFAULT.interval().steps();

    @Option(names = "--save-total-limit", description = "How many checkpoints are kept; 0: all (1).")
    private int totalLimit = SavingConfig.DEFAULT.totalLimit().orElseThrow();

    @Option(
            names = "--load-best-model-at-end",
            arity = "0..1",
            fallbackValue = "true",
            description = "End with the weights of the best evaluation (false: of the last step).")
    private boolean best;

    @Option(names = "--logging-steps", description = "Steps between two lines of the log (1).")
    private int loggingSteps = LoggingConfig.DEFAULT.steps();

    @Option(names = "--report-to", description = "tensorboard, or none: no event file (tensorboard).")
    private String reporter = "tensorboard";

    SavingConfig saving() {
        return new SavingConfig(
                Interval.named(strategy, saveSteps),
                totalLimit == 0 ? Optional.empty() : Optional.of(totalLimit),
                best);
    }

    LoggingConfig logging() {
        return new LoggingConfig(loggingSteps, !reporter.equals("none"));
    }

    /** A reporter that is a service on the network is not called. */
    Optional<String> note() {
        return switch (reporter) {
            case "tensorboard", "all", "none" -> Optional.empty();
            default ->
                Optional.of(
                        "--report_to %s: nothing is sent; loss.jsonl, trainer_state.json and TensorBoard's events lie in the output"
                                .formatted(reporter));
        };
    }
}
