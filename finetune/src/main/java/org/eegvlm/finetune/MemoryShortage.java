package org.eegvlm.finetune;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.PrecisionConfig;

/** Thrown where a step does not fit into memory; the message tells what to lower, and what is left of the run. */
public final class MemoryShortage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What libtorch says of a computer's memory, of a GPU's, and what C++ says. */
    private static final Pattern WORDS =
            Pattern.compile("can't allocate memory|not enough memory|out of memory|bad_alloc|bad allocation");

    private static final Pattern WANTED =
            Pattern.compile("tried to allocate ([\\d.]+ ?\\w+)", Pattern.CASE_INSENSITIVE);

    private MemoryShortage(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * @param step from 1
     * @param newest checkpoint
     * @return nothing where the problem is another one
     */
    static Optional<MemoryShortage> in(Throwable problem, FineTuneConfig config, long step, Optional<Path> newest) {
        var words = String.valueOf(problem.getMessage());
        if (!isShortage(problem)) {
            return Optional.empty();
        }
        var wanted = WANTED.matcher(words);
        var message =
                "out of memory in step %d%s: lower --per_device_train_batch_size (%d; raise --gradient_accumulation_steps to make up for it) or --model_max_length (%d), or give %s; %s"
                        .formatted(
                                step,
                                wanted.find() ? " for " + wanted.group(1) : "",
                                config.batch().size(),
                                config.input().maxLength(),
                                frugal(config.precision()),
                                newest.map(path -> "the last checkpoint is " + path)
                                        .orElse("there is no checkpoint yet"));
        return Optional.of(new MemoryShortage(message, problem));
    }

    /** The same while the base is read. */
    static Optional<MemoryShortage> opening(Throwable problem, FineTuneConfig config) {
        return isShortage(problem)
                ? Optional.of(new MemoryShortage(
                        "out of memory while %s was read: give %s; --dry-run tells what a run needs"
                                .formatted(config.paths().model(), lighter(config.precision())),
                        problem))
                : Optional.empty();
    }

    private static boolean isShortage(Throwable problem) {
        return problem instanceof OutOfMemoryError
                || WORDS.matcher(String.valueOf(problem.getMessage())).find();
    }

    private static String lighter(PrecisionConfig precision) {
        if (precision.fourBit()) {
            return "more memory";
        }
        return precision.type() == DataType.FLOAT32 ? "--bf16 True or --bits 4" : "--bits 4";
    }

    private static String frugal(PrecisionConfig precision) {
        if (!precision.checkpointing()) {
            return "--gradient_checkpointing True";
        }
        return precision.fourBit() ? "more memory" : "--bits 4";
    }
}
