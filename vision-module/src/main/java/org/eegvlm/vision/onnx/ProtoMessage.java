package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the encoding of Protocol Buffers (protobuf.dev/programming-guides/encoding), written only. Large content
 * is kept as it was given, not copied: the weights of a network stay in their mapped file until they are written out.
 */
final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    /** A varint's last byte is below this; every other has it added. */
    private static final int MORE = 0x80;

    private static final int LONGEST_VARINT = 10;

    private final List<ByteBuffer> parts = new ArrayList<>();
    private long size;

    ProtoMessage number(int field, long value) {
        return add(varint((long) field << 3 | VARINT)).add(varint(value));
    }

    ProtoMessage decimal(int field, float value) {
        var bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return add(varint((long) field << 3 | FIXED32))
                .add(bytes.putFloat(value).flip());
    }

    ProtoMessage text(int field, String value) {
        return bytes(field, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    ProtoMessage bytes(int field, ByteBuffer value) {
        return delimited(field, value.remaining()).add(value.duplicate());
    }

    ProtoMessage message(int field, ProtoMessage value) {
        delimited(field, value.size);
        value.parts.forEach(this::add);
        return this;
    }

    /** Of the whole message, in bytes. */
    long size() {
        return size;
    }

    void writeTo(WritableByteChannel channel) throws IOException {
        for (var part : parts) {
            var bytes = part.duplicate();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private ProtoMessage delimited(int field, long length) {
        return add(varint((long) field << 3 | LENGTH_DELIMITED)).add(varint(length));
    }

    private ProtoMessage add(ByteBuffer part) {
        parts.add(part);
        size += part.remaining();
        return this;
    }

    /** Seven bits a byte, the lowest first. */
    private static ByteBuffer varint(long value) {
        var bytes = ByteBuffer.allocate(LONGEST_VARINT);
        long rest = value;
        while (rest >>> 7 != 0) {
            bytes.put((byte) (rest & MORE - 1 | MORE));
            rest >>>= 7;
        }
        return bytes.put((byte) rest).flip();
    }
}
