package org.eegvlm.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Flags of LLaVA's training command that change nothing here, so that a published command runs as it is. Some may say one
 * thing only; of the others each that is given is told in a line.
 */
enum StockFlag {
    LORA_ENABLE("LoRA is the only training here; leave it True", "True"),
    FREEZE_BACKBONE("the base stays as it is, always"),
    TUNE_MM_MLP_ADAPTER("the projector is never trained alone here; leave it False", "False"),
    FREEZE_MM_MLP_ADAPTER("the projector is trained; --mm_projector_lr 0 leaves it as it is", "False"),
    MM_PROJECTOR_TYPE("models with another projector are not opened", "mlp2x_gelu"),
    MM_VISION_SELECT_FEATURE("models with another feature are not opened", "patch"),
    MM_USE_IM_START_END("models with such tokens are not opened", "False"),
    MM_USE_IM_PATCH_TOKEN("pictures take no token of the vocabulary", "False"),
    LORA_BIAS("biases are not trained", "none"),
    DOUBLE_QUANT("4 bits are always quantised twice", "True"),
    QUANT_TYPE("4 bits are always NF4", "nf4"),
    FP16("float16 needs scaled losses, which are not there; use --bf16 True", "False"),
    OPTIM("the optimiser is AdamW", "adamw_torch", "adamw_torch_fused", "adamw_hf"),
    METRIC_FOR_BEST_MODEL("evaluations are compared by Cohen's kappa", "kappa", "eval_kappa"),
    TF32("products are computed in the type of the weights"),
    LAZY_PREPROCESS("every sample is tokenized and checked before the first step"),
    DATALOADER_NUM_WORKERS("tokens are in memory and what the tower made of pictures is on disk: nothing to load"),
    DATALOADER_PIN_MEMORY("there is no loader of data"),
    REMOVE_UNUSED_COLUMNS("nothing of a sample is dropped"),
    CACHE_DIR("nothing is downloaded"),
    RUN_NAME("a run is known by its output folder"),
    LOGGING_DIR("TensorBoard's events lie in the output's folder runs"),
    LOCAL_RANK("one process trains, on all devices that --device names"),
    DDP_TIMEOUT("one process trains; nobody is waited for");

    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> allowed;

    StockFlag(String meaning, String... allowed) {
        this.meaning = meaning;
        this.allowed = List.of(allowed);
    }

    /** Puts all of them on a command. */
    static final class Options implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            var group = ArgGroupSpec.builder()
                    .validate(false)
                    .heading("%nIn LLaVA's command, without effect here:%n")
                    .order(99);
            Stream.of(values()).map(StockFlag::option).forEach(group::addArg);
            return command.addArgGroup(group.build());
        }
    }

    /**
     * A line for each that was given and has no effect.
     *
     * @throws IllegalArgumentException if one was given that may say one thing only, and says another
     */
    static List<String> notes(ParseResult parsed) {
        Stream.of(values()).forEach(flag -> flag.requireAllowed(parsed));
        return Stream.of(values())
                .filter(flag -> flag.allowed.isEmpty() && parsed.hasMatchedOption(flag.dashed()))
                .map(flag -> "%s changes nothing here: %s".formatted(flag.underscored(), flag.meaning))
                .toList();
    }

    /** As LLaVA writes it. */
    String underscored() {
        return "--" + name().toLowerCase(Locale.ROOT);
    }

    /** The words it may say; none: any. */
    List<String> allowed() {
        return allowed;
    }

    private String dashed() {
        return underscored().replace('_', '-');
    }

    private void requireAllowed(ParseResult parsed) {
        String given = parsed.matchedOptionValue(dashed(), "");
        if (parsed.hasMatchedOption(dashed())
                && !allowed.isEmpty()
                && allowed.stream().noneMatch(given::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "%s %s: %s (%s)".formatted(underscored(), given, meaning, String.join(", ", allowed)));
        }
    }

    private OptionSpec option() {
        var only = allowed.isEmpty() ? "" : " (%s)".formatted(String.join(", ", allowed));
        return OptionSpec.builder(dashed())
                .type(String.class)
                .arity("0..1")
                .fallbackValue("True")
                .paramLabel("VALUE")
                .description(meaning + only)
                .build();
    }
}
