package org.eegvlm.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.finetune.config.StartConfig;
import picocli.CommandLine.Option;

/** From where fine-tuning starts. Without any of these the same command goes on where it was stopped. */
final class StartFlags {

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "true",
            description = "Refuse to begin anew: there must be a checkpoint to go on from.")
    private boolean resume;

    @Option(
            names = "--resume-from-checkpoint",
            paramLabel = "FOLDER",
            description = "Go on from this checkpoint, of this run (later ones are dropped) or of another;"
                    + " True: from the newest one, as --resume.")
    private Optional<String> checkpoint = Optional.empty();

    @Option(
            names = "--adapter-name-or-path",
            paramLabel = "FOLDER",
            description =
                    "Begin with this LoRA adapter, such as PEFT writes; its rank, alpha, dropout and targets stay.")
    private Optional<Path> adapter = Optional.empty();

    StartConfig start() {
        boolean newest = checkpoint.map("true"::equalsIgnoreCase).orElse(false);
        var folder = checkpoint
                .filter(value -> !value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false"))
                .map(Path::of);
        return new StartConfig(resume || newest, folder, adapter);
    }
}
