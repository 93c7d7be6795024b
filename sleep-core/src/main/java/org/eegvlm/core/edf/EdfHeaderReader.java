package org.eegvlm.core.edf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** Reads a header field by field; every complaint names the byte and the field. */
final class EdfHeaderReader {

    private static final int MAX_SIGNALS = 9_999; // the field has four digits
    /** EDF+ advises 61 440 bytes for a whole data record. */
    private static final int MAX_TEXT_SAMPLES = 1 << 19;

    /** No amplifier is faster; a record of no length would be infinitely fast. */
    private static final double MAX_RATE_HZ = 1e9;

    private static final int FIRST_YEAR = 85; // EDF's clipping date: yy = 85..99 is 19yy, 00..84 is 20yy
    private static final Pattern DATE = Pattern.compile("(\\d\\d)[.:/-](\\d\\d)[.:/-](\\d\\d)");
    private static final List<Column> COLUMNS = List.of(
            new Column("label", 16),
            new Column("transducer type", 80),
            new Column("physical dimension", 8),
            new Column("physical minimum", 8),
            new Column("physical maximum", 8),
            new Column("digital minimum", 8),
            new Column("digital maximum", 8),
            new Column("prefiltering", 80),
            new Column("samples per record", 8));

    private final Path file;
    private final FileChannel channel;

    private EdfHeaderReader(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The header, and how many data records the file holds. */
    static Parsed read(Path file, FileChannel channel) throws IOException {
        return new EdfHeaderReader(file, channel).read();
    }

    record Parsed(EdfHeader header, long records) {}

    private record Column(String name, int width) {}

    /** A header field and where it stands. */
    private record Field(String name, long offset, String text) {}

    private Parsed read() throws IOException {
        boolean bdf = isBdf();
        int signals = (int) number(field("number of signals", 252, 4), 1, MAX_SIGNALS);
        var headerBytes = field("number of bytes in header", 184, 8);
        long expected = EdfHeader.FIXED_BYTES + (long) EdfHeader.BYTES_PER_SIGNAL * signals;
        if (number(headerBytes, 0, Integer.MAX_VALUE) != expected) {
            throw malformed(
                    headerBytes,
                    "%d signals need a header of %d bytes, this says %s",
                    signals,
                    expected,
                    headerBytes.text);
        }
        var duration = field("duration of a data record", 244, 8);
        var header = new EdfHeader(
                field("patient identification", 8, 80).text,
                field("recording identification", 88, 80).text,
                start(),
                field("reserved", 192, 44).text,
                decimal(duration),
                bdf ? 3 : 2,
                signals(signals));
        boolean onlyText = header.signals().stream().allMatch(EdfSignal::isAnnotations);
        if (!(header.recordSeconds() > 0) && !(onlyText && header.recordSeconds() == 0)) {
            throw malformed(duration, "must be more than 0 seconds, is %s", duration.text);
        }
        refuseImpossible(header);
        return new Parsed(header, records(header));
    }

    private void refuseImpossible(EdfHeader header) throws MalformedEdfException {
        long columns = EdfHeader.BYTES_PER_SIGNAL - 40; // samples per record, and 32 reserved bytes after it, come last
        for (int i = 0; i < header.signals().size(); i++) {
            var signal = header.signals().get(i);
            int samples = signal.samplesPerRecord();
            if (signal.isAnnotations() ? samples > MAX_TEXT_SAMPLES : samples > MAX_RATE_HZ * header.recordSeconds()) {
                throw new MalformedEdfException(
                        file,
                        EdfHeader.FIXED_BYTES + columns * header.signals().size() + 8L * i,
                        "samples per record of signal " + (i + 1),
                        "%d are impossible in %s s".formatted(samples, header.recordSeconds()));
            }
        }
    }

    private boolean isBdf() throws IOException {
        var version = field("version", 0, 8);
        if (version.text.equals("\u00ffBIOSEMI")) {
            return true;
        }
        if (!version.text.equals("0")) {
            throw malformed(version, "is neither EDF's '0' nor BDF's 'BIOSEMI'; this is no EDF file");
        }
        return false;
    }

    private Optional<LocalDateTime> start() throws IOException {
        var date = DATE.matcher(field("start date", 168, 8).text);
        var time = DATE.matcher(field("start time", 176, 8).text);
        if (!date.matches() || !time.matches()) {
            return Optional.empty();
        }
        int year = Integer.parseInt(date.group(3));
        try {
            return Optional.of(LocalDateTime.of(
                    year >= FIRST_YEAR ? 1900 + year : 2000 + year,
                    Integer.parseInt(date.group(2)),
                    Integer.parseInt(date.group(1)),
                    Integer.parseInt(time.group(1)),
                    Integer.parseInt(time.group(2)),
                    Integer.parseInt(time.group(3))));
        } catch (DateTimeException e) {
            return Optional.empty(); // anonymised files have dates such as 00.00.00
        }
    }

    /** The header lists field by field, not signal by signal: all labels, then all transducers, and so on. */
    private List<EdfSignal> signals(int count) throws IOException {
        var columns = new ArrayList<IntFunction<Field>>();
        long offset = EdfHeader.FIXED_BYTES;
        for (var column : COLUMNS) {
            columns.add(column(column, offset, count)::get);
            offset += (long) column.width * count;
        }
        var signals = new ArrayList<EdfSignal>();
        for (int i = 0; i < count; i++) {
            signals.add(new EdfSignal(
                    columns.get(0).apply(i).text,
                    columns.get(1).apply(i).text,
                    columns.get(2).apply(i).text,
                    decimal(columns.get(3).apply(i)),
                    decimal(columns.get(4).apply(i)),
                    (int) number(columns.get(5).apply(i), Integer.MIN_VALUE, Integer.MAX_VALUE),
                    (int) number(columns.get(6).apply(i), Integer.MIN_VALUE, Integer.MAX_VALUE),
                    columns.get(7).apply(i).text,
                    (int) number(columns.get(8).apply(i), 1, Integer.MAX_VALUE)));
        }
        return signals;
    }

    private List<Field> column(Column column, long offset, int count) throws IOException {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < count; i++) {
            var name = "%s of signal %d".formatted(column.name, i + 1);
            fields.add(field(name, offset + (long) i * column.width, column.width));
        }
        return fields;
    }

    private long records(EdfHeader header) throws IOException {
        var field = field("number of data records", 236, 8);
        long promised = number(field, -1, Integer.MAX_VALUE);
        long held = (channel.size() - header.headerBytes()) / header.recordBytes();
        if (promised > held) {
            throw new MalformedEdfException(
                    file,
                    channel.size(),
                    field.name,
                    "the file is cut off: its %d records of %d bytes do not fit, it ends after %d"
                            .formatted(promised, header.recordBytes(), channel.size()));
        }
        return promised < 0 ? held : promised; // -1: the recorder was stopped before it could count
    }

    private Field field(String name, long offset, int width) throws IOException {
        var bytes = ByteBuffer.allocate(width);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
        if (bytes.hasRemaining()) {
            throw new MalformedEdfException(file, channel.size(), name, "the file ends within its header");
        }
        var text = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        return new Field(name, offset, text.replace('\0', ' ').strip());
    }

    private long number(Field field, long least, long most) throws MalformedEdfException {
        double value = decimal(field);
        if (value != Math.rint(value) || value < least || value > most) {
            throw malformed(field, "must be a whole number from %d to %d, is '%s'", least, most, field.text);
        }
        return (long) value;
    }

    private double decimal(Field field) throws MalformedEdfException {
        try {
            double value = Double.parseDouble(field.text.replace(',', '.'));
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, with the place
        }
        throw malformed(field, "'%s' is no number", field.text);
    }

    private MalformedEdfException malformed(Field field, String problem, Object... arguments) {
        return new MalformedEdfException(file, field.offset, field.name, problem.formatted(arguments));
    }
}
