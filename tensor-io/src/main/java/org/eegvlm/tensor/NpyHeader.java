package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The head of a {@code .npy} file: magic, version, and a Python dictionary as text (numpy.lib.format).
 *
 * @param dtype {@code f2}, {@code f4} or {@code f8}, little-endian
 * @param dataOffset where the elements start
 */
record NpyHeader(String dtype, long[] shape, long dataOffset) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** Ours are short; numpy itself refuses to evaluate more than 10 000 characters. */
    private static final int MAX_DICTIONARY = 10_000;

    private static final int ALIGNMENT = 64;

    /** numpy leaves room so that the first size can grow in place. */
    private static final int ROOM_FOR_FIRST_SIZE = 21;

    private static final Pattern DICTIONARY = Pattern.compile("\\{(.*)}\\s*", Pattern.DOTALL);
    private static final Pattern ENTRY = Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*'|\\w+|\\([\\d,\\s]*\\))\\s*,?");

    static NpyHeader read(Path file) throws IOException {
        long size = Files.size(file);
        var start = FileBytes.read(file, 0, (int) Math.min(size, 12));
        if (size < 10 || !Arrays.equals(start.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new MalformedTensorException(file, "byte 0", "not a .npy file");
        }
        int version = start.get(6);
        int prefix = version == 1 ? 10 : 12;
        if (version < 1 || version > 3 || size < prefix) {
            throw new MalformedTensorException(file, "byte 6", "unknown .npy version " + version);
        }
        long length = version == 1 ? Short.toUnsignedInt(start.getShort(8)) : Integer.toUnsignedLong(start.getInt(8));
        if (length > MAX_DICTIONARY || length > size - prefix) {
            throw new MalformedTensorException(
                    file, "byte 8", "a header of %d bytes is impossible in a file of %d".formatted(length, size));
        }
        var text = StandardCharsets.UTF_8
                .decode(FileBytes.read(file, prefix, (int) length))
                .toString();
        return parse(file, text, prefix + length);
    }

    /** @throws IllegalArgumentException if it is none of the three that are read and written */
    static ElementType type(String dtype) {
        return switch (dtype) {
            case "f2" -> ElementType.F16;
            case "f4" -> ElementType.F32;
            case "f8" -> ElementType.F64;
            default -> throw new IllegalArgumentException("dtype '%s'; known are f2, f4 and f8".formatted(dtype));
        };
    }

    /** The head that numpy writes for the same array, byte for byte. */
    static byte[] write(String dtype, long... shape) {
        var sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        var text = new StringBuilder("{'descr': '<%s', 'fortran_order': False, 'shape': (%s%s), }"
                .formatted(dtype, sizes, shape.length == 1 ? "," : ""));
        if (shape.length > 0) {
            text.append(" ".repeat(ROOM_FOR_FIRST_SIZE - Long.toString(shape[0]).length()));
        }
        int prefix = MAGIC.length + 4;
        int padded = (prefix + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        text.append(" ".repeat(padded - prefix - 1 - text.length())).append('\n');
        return ByteBuffer.allocate(padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length())
                .put(text.toString().getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static NpyHeader parse(Path file, String text, long dataOffset) throws IOException {
        var entries = entries(file, text);
        var descr = entries.getOrDefault("descr", "none");
        if (!entries.getOrDefault("fortran_order", "none").equals("False")) {
            throw new MalformedTensorException(
                    file, "field 'fortran_order'", "only C order is read; save numpy.ascontiguousarray(array)");
        }
        var dtype = switch (descr) {
            case "'<f2'" -> "f2";
            case "'<f4'" -> "f4";
            case "'<f8'" -> "f8";
            case "'|O'" ->
                throw new MalformedTensorException(
                        file, "field 'descr'", "an object array holds pickled Python, which is never run");
            default ->
                throw new MalformedTensorException(
                        file, "field 'descr'", "dtype %s; only '<f2', '<f4' and '<f8' are read".formatted(descr));
        };
        return new NpyHeader(dtype, shape(file, entries.getOrDefault("shape", "none")), dataOffset);
    }

    private static Map<String, String> entries(Path file, String text) throws IOException {
        var dictionary = DICTIONARY.matcher(text);
        if (!dictionary.matches()) {
            throw new MalformedTensorException(file, "byte 10", "the header is no dictionary");
        }
        var entries = new HashMap<String, String>();
        var matcher = ENTRY.matcher(dictionary.group(1));
        int end = 0;
        for (; matcher.region(end, matcher.regionEnd()).lookingAt(); end = matcher.end()) {
            entries.put(matcher.group(1), matcher.group(2));
        }
        if (!dictionary.group(1).substring(end).isBlank()) {
            throw new MalformedTensorException(
                    file,
                    "byte 10",
                    "cannot read the header from: " + dictionary.group(1).substring(end));
        }
        return entries;
    }

    private static long[] shape(Path file, String tuple) throws IOException {
        try {
            if (!tuple.startsWith("(")) {
                throw new IllegalArgumentException("expected a tuple, found " + tuple);
            }
            var shape = Arrays.stream(tuple.substring(1, tuple.length() - 1).split(","))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
            Shapes.multiply(Shapes.elements(shape), Double.BYTES);
            return shape;
        } catch (IllegalArgumentException e) {
            throw new MalformedTensorException(file, "field 'shape'", String.valueOf(e.getMessage()));
        }
    }
}
