package org.eegvlm.finetune.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard's: scalars by step.
 *
 * <p>Each record is framed as TensorFlow's {@code TFRecord}: length, masked CRC32C of the length, content, masked CRC32C
 * of the content. The content is a protocol buffer {@code Event}; its few fields are written by hand, by their numbers in
 * {@code tensorboard/compat/proto/event.proto}.
 *
 * <p>Every process writes a file of its own, named so that it sorts behind those before it. One that goes on with a run
 * begins with the restart mark, at which TensorBoard drops what it had read of later steps.
 */
final class EventFile implements Closeable {

    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;
    private static final byte[] START = {8, 1}; // SessionLog.status = START

    // What a field is: its number, and how its value is coded.
    private static final int WALL_TIME = 1 << 3 | 1;
    private static final int STEP = 2 << 3;
    private static final int FILE_VERSION = 3 << 3 | 2;
    private static final int SUMMARY = 5 << 3 | 2;
    private static final int SESSION_LOG = 7 << 3 | 2;
    private static final int VALUE = 1 << 3 | 2;
    private static final int TAG = 1 << 3 | 2;
    private static final int SIMPLE_VALUE = 2 << 3 | 5;

    private final FileChannel channel;
    private final Clock clock;

    private EventFile(FileChannel channel, Clock clock) {
        this.channel = channel;
        this.clock = clock;
    }

    /** @param done how many steps earlier files tell, as far as they count */
    static EventFile create(Path folder, Clock clock, long done) throws IOException {
        Files.createDirectories(folder);
        long earlier;
        try (var files = Files.list(folder)) {
            earlier = files.count();
        }
        var name = "events.out.tfevents.%010d.eegvlm.%04d".formatted(clock.millis() / 1000, earlier);
        var channel = FileChannel.open(
                folder.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        var file = new EventFile(channel, clock);
        file.append(0, FILE_VERSION, VERSION.getBytes(StandardCharsets.US_ASCII));
        if (earlier > 0) {
            file.append(done + 1, SESSION_LOG, START);
        }
        return file;
    }

    /** @param scalars by tag, such as {@code train/loss} */
    void write(long step, Map<String, Double> scalars) throws IOException {
        var summary = new Message();
        scalars.forEach((tag, value) -> summary.bytes(
                VALUE,
                new Message()
                        .bytes(TAG, tag.getBytes(StandardCharsets.UTF_8))
                        .float32(SIMPLE_VALUE, value.floatValue())
                        .content()));
        append(step, SUMMARY, summary.content());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void append(long step, int field, byte[] value) throws IOException {
        var message = new Message().float64(WALL_TIME, clock.millis() / 1000.0);
        if (step != 0) {
            message.varint(STEP, step); // a default is not written
        }
        var event = message.bytes(field, value).content();
        var record = ByteBuffer.allocate(event.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length).putInt(masked(record.array(), Long.BYTES));
        record.put(event).putInt(masked(event, event.length)).flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    private static int masked(byte[] content, int length) {
        var crc = new CRC32C();
        crc.update(content, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    /** A protocol buffer in the making. */
    private static final class Message {

        private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

        Message varint(int field, long value) {
            unsigned(field);
            unsigned(value);
            return this;
        }

        Message float32(int field, float value) {
            unsigned(field);
            room(Float.BYTES).putFloat(value);
            return this;
        }

        Message float64(int field, double value) {
            unsigned(field);
            room(Double.BYTES).putDouble(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            unsigned(field);
            unsigned(value.length);
            room(value.length).put(value);
            return this;
        }

        byte[] content() {
            var content = new byte[buffer.position()];
            buffer.duplicate().flip().get(content);
            return content;
        }

        /** Seven bits a byte, the lowest first; the eighth says that more follow. */
        private void unsigned(long value) {
            long rest = value;
            while (rest >>> 7 != 0) {
                room(1).put((byte) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            room(1).put((byte) rest);
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                var larger =
                        ByteBuffer.allocate(2 * (buffer.position() + bytes)).order(ByteOrder.LITTLE_ENDIAN);
                buffer = larger.put(buffer.flip());
            }
            return buffer;
        }
    }
}
