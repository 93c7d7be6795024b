package org.eegvlm.core.edf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Reads a header field by field. What two of pyEDFlib, edfio and MNE read all the same is read with a warning; every
 * refusal names the byte and the field.
 */
final class HeaderReader {

    private static final int MOST_SIGNALS = 9_999; // the field has four digits
    /** EDF+ advises 61 440 bytes for a whole data record. */
    private static final int MOST_TEXT_SAMPLES = 1 << 19;

    /** No amplifier is faster; a record of no length would be infinitely fast. */
    private static final double MOST_HZ = 1e9;

    private final Path file;
    private final long fileBytes;
    private final byte[] bytes;
    private final Oddities oddities = new Oddities();

    private HeaderReader(Path file, long fileBytes, byte[] bytes) {
        this.file = file;
        this.fileBytes = fileBytes;
        this.bytes = bytes;
    }

    /**
     * @param records how many data records the file holds
     * @param announced how many its header promises; as many as it holds where that says -1
     */
    record Parsed(EdfHeader header, long records, long announced, List<String> warnings) {}

    static Parsed read(Path file, FileChannel channel) throws IOException {
        int most = EdfHeader.FIXED_BYTES + MOST_SIGNALS * EdfHeader.BYTES_PER_SIGNAL;
        var buffer = ByteBuffer.allocate((int) Math.min(channel.size(), most));
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {}
        return new HeaderReader(file, channel.size(), buffer.array()).read();
    }

    private Parsed read() throws MalformedEdfException {
        boolean wide = isWide();
        var reserved = field("reserved", 192, 44).text();
        var format = EdfFormat.of(wide, reserved);
        format.oddity(reserved).ifPresent(text -> oddities.add("%s", text));
        int count = (int) field("number of signals", 252, 4).whole(1, MOST_SIGNALS);
        requireHeaderBytes(count);
        var duration = field("duration of a data record", 244, 8);
        var patient = field("patient identification", 8, 80).text();
        var recording = field("recording identification", 88, 80).text();
        var start = StartTime.of(
                field("start date", 168, 8).text(), field("start time", 176, 8).text(), recording);
        start.oddity().ifPresent(text -> oddities.add("%s", text));
        var signals = new SignalFields(this::field, oddities).read(count);
        double seconds = duration.decimal();
        boolean onlyText = signals.stream().allMatch(EdfSignal::isAnnotations);
        if (!(seconds > 0) && !(onlyText && seconds == 0)) {
            throw duration.malformed("must be more than 0 seconds, is %s", duration.text());
        }
        var header = new EdfHeader(format, patient, recording, start.moment(), seconds, signals);
        refuseImpossible(header);
        tellOddSignals(header);
        return counted(header);
    }

    private void requireHeaderBytes(int signals) throws MalformedEdfException {
        var field = field("number of bytes in header", 184, 8);
        long needed = EdfHeader.FIXED_BYTES + (long) EdfHeader.BYTES_PER_SIGNAL * signals;
        if (field.whole(0, Integer.MAX_VALUE) != needed) {
            throw field.malformed("%d signals need a header of %d bytes, this says %s", signals, needed, field.text());
        }
    }

    private boolean isWide() throws MalformedEdfException {
        int first = bytes.length == 0 ? 0 : bytes[0] & 0xff;
        if (first == 0xff && field("version", 1, 7).text().equals("BIOSEMI")) {
            return true;
        }
        var version = field("version", 0, 8);
        if (!version.text().equals("0")) {
            throw version.malformed("is neither EDF's '0' nor BDF's 'BIOSEMI'; this is no EDF file");
        }
        return false;
    }

    private void refuseImpossible(EdfHeader header) throws MalformedEdfException {
        for (int i = 0; i < header.signals().size(); i++) {
            var signal = header.signals().get(i);
            int samples = signal.samplesPerRecord();
            if (signal.isAnnotations() ? samples > MOST_TEXT_SAMPLES : samples > MOST_HZ * header.recordSeconds()) {
                throw new MalformedEdfException(
                        file,
                        SignalFields.samplesPerRecordOffset(header.signals().size(), i),
                        "samples per record of signal " + (i + 1),
                        "%d are impossible in %s s".formatted(samples, header.recordSeconds()));
            }
        }
        if (header.recordBytes() == 0) {
            throw new MalformedEdfException(
                    file,
                    SignalFields.samplesPerRecordOffset(header.signals().size(), 0),
                    "samples per record",
                    "no signal has any samples");
        }
    }

    private void tellOddSignals(EdfHeader header) {
        var labels = new HashSet<String>();
        var repeated = new LinkedHashSet<String>();
        for (var signal : header.signals()) {
            if (!signal.isAnnotations()) {
                tellOdd(signal, header.format());
                if (!labels.add(signal.label())) {
                    repeated.add(signal.label());
                }
            }
        }
        repeated.forEach(label -> oddities.add("several signals are labelled '%s'; a label means the first", label));
        boolean annotated = header.signals().stream().anyMatch(EdfSignal::isAnnotations);
        if (annotated != header.format().isPlus()) {
            oddities.add(
                    annotated
                            ? "the header says plain %s, yet there are annotations; they are read"
                            : "the header says %s, yet there is no signal for annotations",
                    header.format().label());
        }
    }

    private void tellOdd(EdfSignal signal, EdfFormat format) {
        if (signal.samplesPerRecord() == 0) {
            oddities.add("signal '%s' has no samples; it is left out", signal.label());
        }
        if (!signal.isCalibrated()) {
            oddities.add(
                    "signal '%s' ranges from %s to %s for digital %d to %d, which has no width: its numbers have no unit",
                    signal.label(),
                    signal.physicalMinimum(),
                    signal.physicalMaximum(),
                    signal.digitalMinimum(),
                    signal.digitalMaximum());
        }
        if (Math.min(signal.digitalMinimum(), signal.digitalMaximum()) < format.leastDigital()
                || Math.max(signal.digitalMinimum(), signal.digitalMaximum()) > format.mostDigital()) {
            oddities.add(
                    "signal '%s' is said to hold digital values from %d to %d, which %d bits cannot",
                    signal.label(), signal.digitalMinimum(), signal.digitalMaximum(), 8 * format.bytesPerSample());
        }
    }

    /** The file's own length decides how many records there are; the header may be older than the recording's end. */
    private Parsed counted(EdfHeader header) throws MalformedEdfException {
        if (fileBytes < header.headerBytes()) { // its last fields are reserved ones, which nobody read
            throw new MalformedEdfException(file, fileBytes, "reserved", "the file ends within its header");
        }
        var field = field("number of data records", 236, 8);
        long announced = field.whole(-1, Integer.MAX_VALUE);
        long records = (fileBytes - header.headerBytes()) / header.recordBytes();
        if (announced > 0 && records == 0) {
            throw new MalformedEdfException(
                    file,
                    fileBytes,
                    field.name(),
                    "the file is cut off: not one of its %d records of %d bytes is whole, it ends after %d"
                            .formatted(announced, header.recordBytes(), fileBytes));
        }
        if (announced > records) {
            oddities.add(
                    "byte %d: the file is cut off; %d of its %d records are whole and are read",
                    fileBytes, records, announced);
        } else if (announced < 0) {
            oddities.add(
                    "byte %d: the header leaves the number of records open; the file holds %d",
                    field.offset(), records);
        } else if (announced < records) {
            oddities.add(
                    "byte %d: the header says %d records, the file holds %d; all are read",
                    field.offset(), announced, records);
        } else if (records == 0) {
            oddities.add("byte %d: the file holds no record", field.offset());
        }
        long rest = fileBytes - header.headerBytes() - records * header.recordBytes();
        if (rest > 0 && announced <= records) {
            oddities.add("byte %d: %d bytes after the last whole record are not read", fileBytes - rest, rest);
        }
        return new Parsed(header, records, Math.max(announced, records), oddities.list());
    }

    private HeaderField field(String name, long offset, int width) throws MalformedEdfException {
        if (offset + width > bytes.length) {
            throw new MalformedEdfException(file, fileBytes, name, "the file ends within its header");
        }
        var content = new byte[width];
        System.arraycopy(bytes, (int) offset, content, 0, width);
        return HeaderField.of(file, name, offset, content, oddities);
    }
}
