package org.eegvlm.core.edf;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The data records of a file: record by record, and in each signal by signal, little-endian two's complement of 16 or
 * 24 bits. Reads only the asked signal's bytes, unless those between are so few that reading them is quicker than
 * asking twice. Keeps no position, so that several threads may read at once.
 */
final class DataRecords {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK_BYTES = 1 << 17;
    private static final int WORTH_SKIPPING = 1 << 13;

    private final Path file;
    private final FileChannel bytes;
    private final long headerBytes;
    private final int bytesPerSample;
    private final int[] samplesPerRecord;
    private final long[] offsets;
    private final long count;

    /** Takes samples in their order. */
    @FunctionalInterface
    interface Sink {
        /** @param at how many samples came before */
        void accept(int[] digital, int length, long at);
    }

    DataRecords(Path file, FileChannel bytes, EdfHeader header, long count) {
        this.file = file;
        this.bytes = bytes;
        this.headerBytes = header.headerBytes();
        this.bytesPerSample = header.format().bytesPerSample();
        this.samplesPerRecord =
                header.signals().stream().mapToInt(EdfSignal::samplesPerRecord).toArray();
        this.offsets = header.byteOffsets();
        this.count = count;
    }

    long count() {
        return count;
    }

    /** The byte at which a signal's part of a record begins. */
    long offset(int signal, long record) {
        return headerBytes + record * recordBytes() + offsets[signal];
    }

    /** A signal's part of a record as it stands in the file. */
    byte[] raw(int signal, long record) throws IOException {
        var buffer = ByteBuffer.allocate(samplesPerRecord[signal] * bytesPerSample);
        fill(buffer, offset(signal, record));
        return buffer.array();
    }

    /** Gives the sink a signal's samples from {@code first} on, block by block. */
    void read(int signal, long first, long samples, Sink sink) throws IOException {
        int perRecord = samplesPerRecord[signal];
        var block = new Block(signal, samples);
        long end = first + samples;
        for (long next = first; next < end; ) {
            long record = next / perRecord;
            int within = (int) (next % perRecord);
            long last = Math.min(record + block.records - 1, (end - 1) / perRecord);
            // Whole to the end of the last record's part, or as far as the block or the wish goes.
            int inLast = (int) Math.min(end - last * perRecord, perRecord);
            if (last == record) {
                inLast = Math.min(inLast, within + block.samples);
            }
            block.read(record, within, last, inLast);
            sink.accept(block.digital, block.length, next - first);
            next += block.length;
        }
    }

    /** Room for some records' worth of one signal, and how it is filled. */
    private final class Block {
        private final int signal;
        private final int records;
        private final int samples;
        private final ByteBuffer buffer;
        private final int[] digital;
        private int length;

        Block(int signal, long wanted) {
            this.signal = signal;
            long own = (long) samplesPerRecord[signal] * bytesPerSample;
            boolean skips = recordBytes() - own >= WORTH_SKIPPING;
            long most = skips ? 1 : Math.max(1, BLOCK_BYTES / recordBytes());
            this.records = (int) Math.min(most, wanted / samplesPerRecord[signal] + 2);
            this.samples = (int) Math.min(Math.min(wanted, samplesPerRecord[signal]), BLOCK_BYTES / bytesPerSample);
            long bytesAtOnce = records == 1 ? (long) samples * bytesPerSample : (records - 1) * recordBytes() + own;
            this.buffer = ByteBuffer.allocate((int) bytesAtOnce);
            this.digital = new int
                    [(int) Math.min(wanted, (long) Math.max(samples, records * (long) samplesPerRecord[signal]))];
        }

        /** From a sample of one record to a sample, exclusive, of the same or a later one. */
        void read(long record, int within, long last, int inLast) throws IOException {
            long from = offset(signal, record) + (long) within * bytesPerSample;
            long to = offset(signal, last) + (long) inLast * bytesPerSample;
            buffer.clear().limit((int) (to - from));
            fill(buffer, from);
            length = 0;
            for (long at = record; at <= last; at++) {
                int start = at == record ? within : 0;
                int stop = at == last ? inLast : samplesPerRecord[signal];
                decode((int) (offset(signal, at) + (long) start * bytesPerSample - from), stop - start);
            }
        }

        private void decode(int at, int samples) {
            var raw = buffer.array();
            var into = digital;
            int next = at;
            int start = length;
            if (bytesPerSample == 2) {
                for (int i = 0; i < samples; i++, next += 2) {
                    into[start + i] = (short) SHORT.get(raw, next);
                }
            } else {
                for (int i = 0; i < samples; i++, next += 3) {
                    into[start + i] = raw[next] & 0xff | (raw[next + 1] & 0xff) << 8 | raw[next + 2] << 16;
                }
            }
            length += samples;
        }
    }

    private long recordBytes() {
        return offsets[offsets.length - 1];
    }

    private void fill(ByteBuffer buffer, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            if (bytes.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException("%s was shortened while it was read".formatted(file));
            }
        }
    }
}
