package org.eegvlm.core.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;

/** The records of a file that has one a line, one after the other: none is held. */
public final class JsonLines<T> implements Closeable {

    private final Path file;
    private final BoundedLines lines;
    private final Class<T> type;

    private JsonLines(Path file, BoundedLines lines, Class<T> type) {
        this.file = file;
        this.lines = lines;
        this.type = type;
    }

    public static <T> JsonLines<T> open(Path file, Class<T> type) throws IOException {
        return open(file, Files.newInputStream(file), type);
    }

    /**
     * The same for whoever looks at the bytes, too.
     *
     * @param file named in errors
     * @param bytes of the file; closed with this
     */
    public static <T> JsonLines<T> open(Path file, InputStream bytes, Class<T> type) {
        return new JsonLines<>(file, BoundedLines.of(file, bytes, StandardCharsets.UTF_8, Json.LONGEST_TEXT), type);
    }

    /**
     * The next record; empty after the last.
     *
     * @throws MalformedDataException if the line is no such record
     */
    public Optional<T> next() throws IOException {
        var line = lines.next();
        return line.isPresent() ? Optional.of(record(line.get())) : Optional.empty();
    }

    /** Where the record that was read last stands, for whoever refuses it: {@code line 3}. */
    public String place() {
        return "line " + lines.number();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private T record(String line) throws IOException {
        try {
            var record = Json.MAPPER.readValue(line, type);
            if (record == null) {
                throw new MalformedDataException(file, place(), Json.NOTHING);
            }
            return record;
        } catch (JsonProcessingException e) {
            throw new MalformedDataException(file, place(), e.getOriginalMessage());
        }
    }
}
