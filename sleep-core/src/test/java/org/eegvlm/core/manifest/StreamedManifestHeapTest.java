package org.eegvlm.core.manifest;

import static org.eegvlm.core.manifest.Rows.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.SmallHeap;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manifest that no heap of 64 MB holds is read in it twice. */
class StreamedManifestHeapTest {

    private static final int EPOCHS = 150_000;

    @TempDir
    Path folder;

    @Test
    void holdsNoLine() throws IOException, InterruptedException {
        var file = folder.resolve("epochs.jsonl");
        try (var lines = Files.newBufferedWriter(file)) {
            for (int n = 0; n < EPOCHS; n++) {
                lines.write(Json.line(row("a-" + n, "a", Split.TRAIN, "picture " + n)));
                lines.write('\n');
            }
        }

        SmallHeap.assertReads(StreamedManifestHeapTest.class, 0, List.of(file));
    }

    /** Runs in the small heap. */
    public static void main(String[] files) throws IOException {
        try (var epochs = StreamedManifest.open(Path.of(files[0])).read(epoch -> true)) {
            epochs.skip(EPOCHS - 1);
            if (epochs.next(2).size() == 1) {
                System.out.println(SmallHeap.DONE);
            }
        }
    }
}
