package org.eegvlm.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.StoredType;
import picocli.CommandLine.Option;

/** Where a model is written, and in which form: the same words in every command that makes one of another. */
final class WrittenModel {

    @Option(names = "--output", required = true, description = "Folder to write.")
    private Path output = Path.of("");

    @Option(
            names = "--dtype",
            defaultValue = "keep",
            description = "Type of all tensors: fp32, bf16, fp16; or keep, each as it is (${DEFAULT-VALUE}).")
    private String dtype = "";

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            converter = ByteCount.class,
            defaultValue = "5GB",
            description = "The most weights in one file (${DEFAULT-VALUE}).")
    private long shardSize;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    Path output() {
        return output;
    }

    Optional<StoredType> type() {
        return StoredType.asked(dtype);
    }

    long shardSize() {
        return shardSize;
    }

    boolean overwrite() {
        return overwrite;
    }

    void told(Terminal terminal, long bytes) {
        terminal.print("%.2f GB of weights in %s", bytes / 1e9, output);
    }
}
