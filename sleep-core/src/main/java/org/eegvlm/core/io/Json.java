package org.eegvlm.core.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.MalformedDataException;

/**
 * The JSON of this project: {@code snake_case} keys, unknown keys ignored, depth and sizes bounded, lines ended by
 * {@code \n} on every system so that equal content gives equal bytes.
 */
public final class Json {

    static final int LONGEST_TEXT = 20_000_000;

    /** Reads and writes records; shared, and safe to share. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(LONGEST_TEXT)
                            .build())
                    .build())
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final DefaultPrettyPrinter PRETTY =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    /** Configs and indexes of the largest models have some megabytes. */
    private static final long LARGEST_TREE = 256L << 20;

    static final String NOTHING = "holds null where an object was expected";

    private Json() {}

    /** Reads a whole file as one record. */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var value = MAPPER.readValue(in, type);
            if (value == null) {
                throw new MalformedDataException(file, NOTHING);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new MalformedDataException(file, place(e), e.getOriginalMessage());
        } catch (CharConversionException e) {
            throw new MalformedDataException(file, "is not UTF-8 text");
        }
    }

    /** Reads a whole file as a tree. */
    public static JsonNode readTree(Path file) throws IOException {
        if (Files.size(file) > LARGEST_TREE) {
            throw new MalformedDataException(
                    file, "has more than %d MiB; no such file is that large".formatted(LARGEST_TREE >> 20));
        }
        return read(file, JsonNode.class);
    }

    /** Takes the records of a file one after the other. */
    @FunctionalInterface
    public interface Sink<T> {
        /** @param place of the record, for whoever refuses it: {@code line 3} */
        void accept(T value, String place) throws IOException;
    }

    /** Reads a file with one record a line. */
    public static <T> List<T> readLines(Path file, Class<T> type) throws IOException {
        var records = new ArrayList<T>();
        readLines(file, type, (value, place) -> records.add(value));
        return records;
    }

    /** The same, record by record: what is refused at once fills no memory. */
    public static <T> void readLines(Path file, Class<T> type, Sink<T> sink) throws IOException {
        try (var records = JsonLines.open(file, type)) {
            for (var record = records.next(); record.isPresent(); record = records.next()) {
                sink.accept(record.get(), records.place());
            }
        }
    }

    /** One record as one line, without its end. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a record for people to read, whole or not at all. */
    public static void write(Path file, Object value) throws IOException {
        var text = MAPPER.writer(PRETTY).writeValueAsString(value) + "\n";
        Output.writeAtomically(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a record together piece by piece. */
    @FunctionalInterface
    public interface Pieces {
        void write(JsonGenerator json) throws IOException;
    }

    /** The same for a record that is too long to hold; the bytes are those of the record written as one. */
    public static void write(Path file, Pieces record) throws IOException {
        Output.writeAtomically(file, fresh -> {
            // A writer, not a stream of bytes, to which Jackson spells letters beyond U+FFFF as escapes.
            try (var text = text(fresh);
                    var json = MAPPER.writer(PRETTY).createGenerator(text)) {
                record.write(json);
                json.writeRaw("\n");
            }
        });
    }

    /** Writes one record a line, whole or not at all. */
    public static void writeLines(Path file, List<?> values) throws IOException {
        Output.writeAtomically(file, fresh -> {
            try (var text = text(fresh)) {
                for (var value : values) {
                    text.write(line(value));
                    text.write('\n');
                }
            }
        });
    }

    private static Writer text(Path file) throws IOException {
        return new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8);
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? "start"
                : "line %d, column %d"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }
}
