package org.eegvlm.core.edf;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.io.Output;

/**
 * Takes out of a recording who was recorded, where, by whom and on which day, and what programs left in the reserved
 * fields. The time of day stays, since sleep depends on it; so do the signals, byte by byte, and the word "Simulated" of
 * simulated ones. Since every file gets the same date, files of one night that started on different days no longer tell
 * how they lie on each other.
 *
 * @param texts whether to take out what annotations say, but for the standard texts of EDF+, such as sleep stages
 */
public record Anonymization(Path in, Path out, boolean texts, boolean overwrite) {

    /** What {@link #run()} tells where the date was taken out. */
    public static final String START_DATE = "start date";

    private static final String NOBODY = "X X X X";
    private static final String SIMULATED = "X X X Simulated";
    private static final String NO_RECORDING = "Startdate X X X X";
    private static final int RESERVED_BYTES = 32; // the last field of each signal, where programs leave notes
    private static final int BYTES_BEFORE_RESERVED = EdfHeader.BYTES_PER_SIGNAL - RESERVED_BYTES;
    private static final String NO_DAY = "01.01.85"; // what EDF+ asks for

    /**
     * Writes the anonymous file, whole or not at all.
     *
     * @return what was taken out; empty where nothing was there
     * @throws org.eegvlm.core.io.OutputExistsException if the output may not be replaced
     */
    public List<String> run() throws IOException {
        try (var recording = EdfRecording.open(in)) {
            require(!Files.exists(out) || !Files.isSameFile(in, out), "%s cannot be its own anonymous copy", in);
            var output = Output.begin(out, overwrite);
            var removed = new ArrayList<String>();
            try (var from = FileChannel.open(in, StandardOpenOption.READ);
                    var to = FileChannel.open(
                            output.partial(),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                copy(from, to, recording, removed);
                anonymizeHeader(from, to, recording, removed);
                if (texts) {
                    anonymizeTexts(to, recording, removed);
                }
            }
            output.finish();
            return List.copyOf(removed);
        }
    }

    private static void copy(FileChannel from, FileChannel to, EdfRecording recording, List<String> removed)
            throws IOException {
        long end = recording.dataRecords().offset(0, recording.records());
        for (long at = 0; at < end; ) {
            at += from.transferTo(at, end - at, to.position(at));
        }
        if (from.size() > end) {
            removed.add("%d bytes after the last whole record".formatted(from.size() - end));
        }
    }

    private static void anonymizeHeader(FileChannel from, FileChannel to, EdfRecording recording, List<String> removed)
            throws IOException {
        var nobody = recording.simulated() ? SIMULATED : NOBODY;
        replace(from, to, 8, 80, nobody, "patient identification", removed);
        replace(from, to, 88, 80, NO_RECORDING, "recording identification", removed);
        replace(from, to, 168, 8, NO_DAY, START_DATE, removed);
        replace(from, to, 192, 44, recording.header().format().reserved(), "reserved field", removed);
        int signals = recording.header().signals().size();
        long reserved = EdfHeader.FIXED_BYTES + (long) BYTES_BEFORE_RESERVED * signals;
        replace(from, to, reserved, RESERVED_BYTES * signals, "", "reserved fields of the signals", removed);
    }

    private static void replace(
            FileChannel from, FileChannel to, long offset, int width, String fresh, String name, List<String> removed)
            throws IOException {
        var field = ByteBuffer.wrap((fresh + " ".repeat(width - fresh.length())).getBytes(StandardCharsets.US_ASCII));
        var old = ByteBuffer.allocate(width);
        while (old.hasRemaining() && from.read(old, offset + old.position()) >= 0) {}
        if (!old.flip().equals(field)) {
            removed.add(name);
        }
        write(to, field, offset);
    }

    private static void anonymizeTexts(FileChannel to, EdfRecording recording, List<String> removed)
            throws IOException {
        var records = recording.dataRecords();
        int count = 0;
        for (int signal = 0; signal < recording.header().signals().size(); signal++) {
            if (recording.header().signals().get(signal).isAnnotations()) {
                for (long record = 0; record < records.count(); record++) {
                    var raw = records.raw(signal, record);
                    count += TextRemoval.from(raw);
                    write(to, ByteBuffer.wrap(raw), records.offset(signal, record));
                }
            }
        }
        if (count > 0) {
            removed.add("the texts of %d annotations".formatted(count));
        }
    }

    private static void write(FileChannel to, ByteBuffer bytes, long offset) throws IOException {
        for (long at = offset; bytes.hasRemaining(); ) {
            at += to.write(bytes, at);
        }
    }
}
