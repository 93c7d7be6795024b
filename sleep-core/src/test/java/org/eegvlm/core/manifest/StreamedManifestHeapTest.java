package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.manifest.Rows.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.eegvlm.core.SmallHeap;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that no heap of 64 MB holds are read or refused in it. */
class StreamedManifestHeapTest {

    private static final int EPOCHS = 150_000;

    @TempDir
    Path folder;

    @Test
    void holdsNoLine() throws IOException, InterruptedException {
        var good = written("good", epoch -> row("a-" + epoch, "a", Split.TRAIN, "picture " + epoch));
        var splitByEpoch = written("split by epoch", epoch -> row("a-" + epoch, "a", split(epoch), "picture " + epoch));
        var picturesTwice = written(
                "pictures twice",
                epoch -> row("a-" + epoch, "of " + split(epoch), split(epoch), "picture " + epoch / 2));

        SmallHeap.assertReads(StreamedManifestHeapTest.class, 0, List.of(good, splitByEpoch, picturesTwice));
    }

    /** Runs in the small heap. */
    public static void main(String[] files) throws IOException {
        try (var epochs = open(files[0]).read(epoch -> true)) {
            epochs.skip(EPOCHS - 1);
            assertThat(epochs.next(2)).hasSize(1);
        }
        assertThatThrownBy(() -> open(files[1])).hasMessageContaining("subject a is in two splits");
        assertThatThrownBy(() -> open(files[2])).hasMessageContaining("a-0 (TRAIN) and a-1 (EVAL)");
        System.out.println(SmallHeap.DONE);
    }

    private static StreamedManifest open(String file) throws IOException {
        return StreamedManifest.open(Path.of(file), (epoch, place) -> {});
    }

    private static Split split(int epoch) {
        return epoch % 2 == 0 ? Split.TRAIN : Split.EVAL;
    }

    private Path written(String name, IntFunction<EpochRecord> row) throws IOException {
        var file = folder.resolve(name);
        try (var lines = Files.newBufferedWriter(file)) {
            for (int n = 0; n < EPOCHS; n++) {
                lines.write(Json.line(row.apply(n)));
                lines.write('\n');
            }
        }
        return file;
    }
}
