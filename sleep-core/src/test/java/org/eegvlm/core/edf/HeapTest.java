package org.eegvlm.core.edf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SmallHeap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a file is made, reading all of it takes no more heap than 64 MB and twice the file's length. */
class HeapTest {

    private static final int FILE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void readsAnyFileInBoundedHeap() throws IOException, InterruptedException {
        var files = List.of(
                file("annotations", "EDF+C", 1, 1, 150_000, 1, "+0\u0014\u0014\0", "+1\u0014a\u0014\0"),
                file("broken-annotations", "EDF+C", 1, 1, 150_000, 1, "+0\u0014\u0014\0", "x\0"),
                file("latin1", "EDF+C", 1, 1, 150_000, 1, "+0\u0014\u0014\0", "+1\u0014\u00f6\u0014\0"),
                file("many-texts", "EDF+C", 1, 1, 150_000, 1, "+0\u0014\u0014\0+1\u0014", "a\u0014"),
                file("one-text", "EDF+C", 1, 1, 150_000, 1, "+0\u0014\u0014\0+1\u0014", "a"),
                file("gaps", "EDF+D", 1, 0.1, 6, -1, "", "+%07d\u0014\u0014\0\0"),
                file("signals", "", 200, 1, 1, -1, "", "EEG"),
                file("one-signal", "", 1, 1, 500_000, 1, "", "EEG"),
                file("claims", "", 1, 1e-9, 1, 99_999_999, "", "EEG"),
                file("fast", "", 1, 9e7, 99_999_999, 5, "", "EEG"));

        SmallHeap.assertReads(HeapTest.class, FILE_BYTES, files);
    }

    /** Runs in the small heap. */
    public static void main(String[] files) throws IOException {
        for (var file : files) {
            try (var recording = EdfRecording.open(Path.of(file))) {
                EdfInfo.of(recording, true);
                for (var channel : recording.channels()) {
                    recording.microvolts(channel, 0, (int) channel.samples());
                }
            } catch (MalformedDataException refused) {
                // refusing is as good as reading
            }
        }
        System.out.println(SmallHeap.DONE);
    }

    /** Fills a file with one signal, or many, whose data are one text over and over; %07d in it counts. */
    private Path file(
            String name,
            String reserved,
            int signals,
            double seconds,
            int samples,
            int records,
            String first,
            String rest)
            throws IOException {
        var label = rest.equals("EEG") ? "EEG" : "EDF Annotations";
        var bytes = new ByteArrayOutputStream();
        var head = "0       %-80s%-80s01.01.0000.00.00%-8d%-44s%-8d%-8s%-4d"
                .formatted("X", "X", 256 * (signals + 1), reserved, records, "" + seconds, signals);
        bytes.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        for (var column : List.of(
                "%-16s".formatted(label),
                " ".repeat(80),
                "uV      ",
                "-1      ",
                "1       ",
                "-32768  ",
                "32767   ",
                " ".repeat(80),
                "%-8d".formatted(samples),
                " ".repeat(32))) {
            bytes.writeBytes(column.repeat(signals).getBytes(StandardCharsets.US_ASCII));
        }
        bytes.writeBytes(first.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; bytes.size() < FILE_BYTES; i++) {
            bytes.writeBytes(rest.replace("%07d", "%07d".formatted(i)).getBytes(StandardCharsets.ISO_8859_1));
        }
        return Files.write(folder.resolve(name + ".edf"), bytes.toByteArray());
    }
}
