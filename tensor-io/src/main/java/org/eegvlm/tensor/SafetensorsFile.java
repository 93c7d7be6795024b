package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file: a header in JSON, then the tensors without a gap (github.com/huggingface/safetensors).
 *
 * <p>Opening reads the header alone and checks it whole: sizes, offsets, no overlap, no gap, nothing after the end. No
 * file handle stays open. Safe for concurrent use.
 */
public final class SafetensorsFile implements TensorFile {

    /** The format's own limit. */
    static final int MAX_HEADER = 100_000_000;

    static final String METADATA = "__metadata__";

    private final Path file;
    private final long dataOffset;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, String> metadata;

    private SafetensorsFile(Path file, long dataOffset, Map<String, TensorInfo> tensors, Map<String, String> metadata) {
        this.file = file;
        this.dataOffset = dataOffset;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /** @throws MalformedTensorException if the header breaks the format or does not fit the file */
    public static SafetensorsFile open(Path file) throws IOException {
        long size = Files.size(file);
        if (size < Long.BYTES) {
            throw new MalformedTensorException(file, "byte 0", "no safetensors file is shorter than 8 bytes");
        }
        long header = FileBytes.read(file, 0, Long.BYTES).getLong();
        if (header < 2 || header > MAX_HEADER || header > size - Long.BYTES) {
            throw new MalformedTensorException(
                    file,
                    "byte 0",
                    "a header of %s bytes is impossible in a file of %d (at most %d are allowed)"
                            .formatted(Long.toUnsignedString(header), size, MAX_HEADER));
        }
        if (FileBytes.read(file, Long.BYTES, 1).get() != '{') { // before room is made for what may be nothing
            throw new MalformedTensorException(file, "byte 8", "a header starts with '{'");
        }
        long dataOffset = Long.BYTES + header;
        var entries = parse(file, FileBytes.read(file, Long.BYTES, (int) header));
        var metadata = new LinkedHashMap<String, String>();
        var tensors = new LinkedHashMap<String, TensorInfo>();
        for (var entry : entries.entrySet()) {
            if (entry.getKey().equals(METADATA)) {
                metadata.putAll(metadata(file, entry.getValue()));
            } else {
                tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), dataOffset, size));
            }
        }
        refuseGaps(file, tensors, dataOffset, size);
        return new SafetensorsFile(file, dataOffset, tensors, metadata);
    }

    @Override
    public Path path() {
        return file;
    }

    /** All tensors, in the header's order. Offsets count from the start of the file. */
    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /** Where the header ends and the first tensor starts. */
    public long dataOffset() {
        return dataOffset;
    }

    /** The header's free words, such as {@code format}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The same as {@link #bytes}: in this format every tensor is one block. */
    public ByteBuffer map(String name) throws IOException {
        return bytes(name);
    }

    private static Map<String, Object> parse(Path file, ByteBuffer header) throws IOException {
        try {
            return HeaderJson.object(header.array());
        } catch (HeaderJson.Refused e) {
            throw new MalformedTensorException(file, "byte 8", e.problem());
        }
    }

    private static Map<String, String> metadata(Path file, Object value) throws IOException {
        var metadata = new LinkedHashMap<String, String>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, word) -> {
                if (word instanceof String text) {
                    metadata.put((String) key, text);
                }
            });
            if (metadata.size() == entries.size()) {
                return metadata;
            }
        }
        throw new MalformedTensorException(file, METADATA, "expected an object of strings");
    }

    private static TensorInfo tensor(Path file, String name, Object value, long dataOffset, long size)
            throws IOException {
        var place = "tensor '" + name + "'"; // not formatted: a hundred thousand tensors may follow
        if (!(value instanceof Map<?, ?> fields && fields.get("dtype") instanceof String dtype)) {
            throw new MalformedTensorException(file, place, "expected an object with a dtype");
        }
        var type = ElementType.named(dtype)
                .orElseThrow(() -> new MalformedTensorException(file, place, "unknown dtype " + dtype));
        long[] shape = longs(file, place, "shape", fields.get("shape"));
        long[] offsets = longs(file, place, "data_offsets", fields.get("data_offsets"));
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > size - dataOffset) {
            throw new MalformedTensorException(
                    file,
                    place,
                    "data_offsets %s leave the %d bytes of data"
                            .formatted(Arrays.toString(offsets), size - dataOffset));
        }
        long bytes = offsets[1] - offsets[0];
        if (bytes != bytes(file, place, shape, type)) {
            throw new MalformedTensorException(
                    file, place, "%s%s does not take %d bytes".formatted(dtype, Arrays.toString(shape), bytes));
        }
        return new TensorInfo(dtype, shape, dataOffset + offsets[0], bytes);
    }

    private static long bytes(Path file, String place, long[] shape, ElementType type) throws IOException {
        try {
            return Shapes.multiply(Shapes.elements(shape), type.width());
        } catch (IllegalArgumentException e) {
            throw new MalformedTensorException(file, place, "shape: " + e.getMessage());
        }
    }

    private static long[] longs(Path file, String place, String field, @Nullable Object value) throws IOException {
        if (value instanceof List<?> list && list.stream().allMatch(Long.class::isInstance)) {
            return list.stream().mapToLong(Long.class::cast).toArray();
        }
        throw new MalformedTensorException(file, place, field + ": expected an array of whole numbers");
    }

    /** The format allows neither overlaps nor gaps, so that a file cannot be two things at once. */
    private static void refuseGaps(Path file, Map<String, TensorInfo> tensors, long dataOffset, long size)
            throws IOException {
        var inOrder = tensors.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes)))
                .toList();
        long end = dataOffset;
        for (var entry : inOrder) {
            var info = entry.getValue();
            if (info.offset() != end) {
                throw new MalformedTensorException(
                        file,
                        "tensor '%s'".formatted(entry.getKey()),
                        "starts at byte %d, where byte %d is next: tensors must neither overlap nor leave a gap"
                                .formatted(info.offset(), end));
            }
            end += info.bytes();
        }
        if (end != size) {
            throw new MalformedTensorException(
                    file, "byte " + end, "%d bytes after the last tensor".formatted(size - end));
        }
    }
}
