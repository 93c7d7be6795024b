package org.eegvlm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.night.Scorings;
import org.eegvlm.core.night.StageCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a scoring or a manifest is made, reading it takes no more heap than 64 MB and twice the file's length. */
class ReadersHeapTest {

    private static final int FILE_BYTES = 2 << 20;
    private static final int HEAP_BYTES = (64 << 20) + 2 * FILE_BYTES;

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

        var child = childOf(files);

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("all read\n");
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
        System.out.println("all read");
    }

    private static void read(Path file) throws IOException {
        if (file.toString().endsWith(".jsonl")) {
            EpochManifest.read(file);
            return;
        }
        var scoring = Scorings.read(file, Optional.of(StageCodes.EDF), Duration.ofSeconds(1));
        Scorings.hypnogram(file, scoring, Hypnogram.AASM_EPOCH);
    }

    private static Process childOf(List<Path> files) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_BYTES,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ReadersHeapTest.class.getName()));
        files.forEach(file -> command.add(file.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Fills a file with one text over and over. */
    private Path file(String name, String first, String rest) throws IOException {
        return Files.writeString(folder.resolve(name), first + rest.repeat(FILE_BYTES / rest.length()));
    }
}
