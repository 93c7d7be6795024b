package org.eegvlm.tensor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes a safetensors file, at once or tensor by tensor.
 *
 * <p>The bytes depend on content alone, not on the order in which tensors are given: they lie by type, widest first,
 * then by name, as the reference implementation lays them. So each starts at a multiple of its element's width.
 */
public final class SafetensorsWriter implements Closeable {

    private static final int ALIGNMENT = 8;

    private final FileChannel channel;
    private final Map<String, TensorSpec> layout;
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final TreeSet<String> missing;

    private SafetensorsWriter(FileChannel channel, Map<String, TensorSpec> layout) {
        this.channel = channel;
        this.layout = layout;
        this.missing = new TreeSet<>(layout.keySet());
    }

    /** Writes a whole file from memory. */
    public static void write(Path file, Map<String, TensorData> tensors, Map<String, String> metadata)
            throws IOException {
        var layout = tensors.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().spec()));
        try (var writer = create(file, layout, metadata)) {
            for (var entry : tensors.entrySet()) {
                writer.put(entry.getKey(), entry.getValue());
            }
        }
    }

    /** Writes the header of a file whose tensors come one by one; an existing file is replaced. */
    public static SafetensorsWriter create(Path file, Map<String, TensorSpec> layout, Map<String, String> metadata)
            throws IOException {
        var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        var writer = new SafetensorsWriter(channel, Map.copyOf(layout));
        writer.writeHeader(metadata);
        return writer;
    }

    /**
     * Writes one tensor to its place; the order of calls is free.
     *
     * @throws IllegalArgumentException if the layout has no such tensor, or one of another type or shape
     */
    public void put(String name, TensorData tensor) throws IOException {
        if (!tensor.spec().equals(layout.get(name))) {
            throw new IllegalArgumentException(
                    "'%s' is %s, the layout has %s".formatted(name, tensor.spec(), layout.get(name)));
        }
        writeAt(offsets.getOrDefault(name, 0L), tensor.bytes());
        missing.remove(name);
    }

    /**
     * Where the bytes of one tensor go, in C order and little-endian, in as many parts as the caller likes. So a tensor
     * may be larger than any buffer.
     *
     * <p>Writing more than the tensor takes, or closing before it is whole, is an {@link IllegalStateException}.
     *
     * @throws IllegalArgumentException if the layout has no such tensor
     */
    public WritableByteChannel channel(String name) {
        var spec = layout.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("the layout has no tensor '%s'".formatted(name));
        }
        return new TensorChannel(name, offsets.getOrDefault(name, 0L), spec.bytes());
    }

    /** @throws IllegalStateException if a tensor of the layout was never written */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("never written: " + missing);
        }
    }

    private void writeHeader(Map<String, String> metadata) throws IOException {
        var entries = new ArrayList<String>();
        if (!metadata.isEmpty()) {
            entries.add(HeaderJson.quote(SafetensorsFile.METADATA) + ":" + words(metadata));
        }
        long end = 0;
        for (var entry : inFileOrder()) {
            var spec = entry.getValue();
            entries.add(
                    "%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}" // %d would use the locale's digits
                            .formatted(
                                    HeaderJson.quote(entry.getKey()),
                                    spec.dtype(),
                                    Arrays.toString(spec.shape()).replace(" ", ""),
                                    end,
                                    end + spec.bytes()));
            offsets.put(entry.getKey(), end);
            end += spec.bytes();
        }
        var header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        int padded = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        var bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(header);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        writeAt(0, bytes.flip());
        offsets.replaceAll((name, offset) -> Long.BYTES + padded + offset);
    }

    private List<Map.Entry<String, TensorSpec>> inFileOrder() {
        var entries = new ArrayList<>(layout.entrySet());
        entries.sort(Comparator.comparing(
                        (Map.Entry<String, TensorSpec> entry) ->
                                ElementType.of(entry.getValue().dtype()),
                        Comparator.reverseOrder())
                .thenComparing(Map.Entry::getKey));
        return entries;
    }

    private static String words(Map<String, String> metadata) {
        return new TreeMap<>(metadata)
                .entrySet().stream()
                        .map(word -> HeaderJson.quote(word.getKey()) + ":" + HeaderJson.quote(word.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private void writeAt(long position, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** The place of one tensor in the file. */
    private final class TensorChannel implements WritableByteChannel {

        private final String name;
        private final long end;
        private long position;
        private boolean open = true;

        TensorChannel(String name, long start, long bytes) {
            this.name = name;
            this.position = start;
            this.end = start + bytes;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            if (count > end - position) {
                throw new IllegalStateException(
                        "'%s' takes %d bytes more, given %d".formatted(name, end - position, count));
            }
            writeAt(position, bytes);
            position += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
            if (position != end) {
                throw new IllegalStateException("'%s' lacks its last %d bytes".formatted(name, end - position));
            }
            missing.remove(name);
        }
    }
}
