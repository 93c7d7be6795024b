package org.eegvlm.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.night.Scorings;
import org.eegvlm.core.night.StageCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a scoring or a manifest is made, reading it takes no more heap than 64 MB and twice the file's length. */
class ReadersHeapTest {

    private static final int FILE_BYTES = 2 << 20;

    @TempDir
    Path folder;

    @Test
    void readsAnyScoringAndManifestInBoundedHeap() throws IOException, InterruptedException {
        var files = List.of(
                file("lines.txt", "", "W\n"),
                file("line.txt", "", "W"),
                file("table.csv", "onset,label,duration\n", "0,W,30\n"),
                file("profusion.xml", "<CMPStudyConfig><SleepStages>", "<SleepStage>0</SleepStage>"),
                file("nsrr.xml", "<PSGAnnotation><ScoredEvents>", "<ScoredEvent><Start>0</Start></ScoredEvent>"),
                file("open.xml", "", "<a>"),
                file("attributes.xml", "<a ", "b='c' "),
                file("text.xml", "<CMPStudyConfig><SleepStages><SleepStage>", "0"),
                file("empty.jsonl", "", "{}\n"),
                file("short.jsonl", "", "{\"id\":\"1\"}\n"),
                file("line.jsonl", "", "{\"id\":"),
                file("nulls.jsonl", "", "null\n"));

        SmallHeap.assertReads(ReadersHeapTest.class, FILE_BYTES, files);
    }

    /** Runs in the small heap. */
    public static void main(String[] files) throws IOException {
        for (var file : files) {
            try {
                read(Path.of(file));
            } catch (MalformedDataException refused) {
                // refusing is as good as reading
            }
        }
        System.out.println(SmallHeap.DONE);
    }

    private static void read(Path file) throws IOException {
        if (file.toString().endsWith(".jsonl")) {
            EpochManifest.read(file);
            return;
        }
        var scoring = Scorings.read(file, Optional.of(StageCodes.EDF), Duration.ofSeconds(1));
        Scorings.hypnogram(file, scoring, Hypnogram.AASM_EPOCH);
    }

    /** Fills a file with one text over and over. */
    private Path file(String name, String first, String rest) throws IOException {
        return Files.writeString(folder.resolve(name), first + rest.repeat(FILE_BYTES / rest.length()));
    }
}
