package org.eegvlm.core.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;

/** The lines of a text file that strangers may have made: one without an end is refused before it fills the memory. */
public final class BoundedLines implements Closeable {

    private final Path file;
    private final Reader reader;
    private final int longest;
    private final char[] buffer = new char[1 << 14];
    private int at;
    private int limit;
    private int number;

    private BoundedLines(Path file, Reader reader, int longest) {
        this.file = file;
        this.reader = reader;
        this.longest = longest;
    }

    /** @param longest how many characters a line may have */
    public static BoundedLines open(Path file, Charset charset, int longest) throws IOException {
        return of(file, Files.newInputStream(file), charset, longest);
    }

    /**
     * The same for whoever looks at the bytes, too.
     *
     * @param file named in errors
     * @param bytes of the file; closed with this
     */
    static BoundedLines of(Path file, InputStream bytes, Charset charset, int longest) {
        // A decoder of its own refuses what is no text of the charset; without one, it would become question marks.
        return new BoundedLines(file, new InputStreamReader(bytes, charset.newDecoder()), longest);
    }

    /**
     * The next line without its end; empty after the last.
     *
     * @throws MalformedDataException if it is too long, or no text of the charset
     */
    public Optional<String> next() throws IOException {
        number++;
        int c = read();
        if (c < 0) {
            return Optional.empty();
        }
        var line = new StringBuilder();
        for (; c >= 0 && c != '\n' && c != '\r'; c = read()) {
            if (line.length() == longest) {
                throw new MalformedDataException(
                        file, "line " + number, "is longer than %d characters".formatted(longest));
            }
            line.append((char) c);
        }
        if (c == '\r') {
            skipLineFeed();
        }
        return Optional.of(line.toString());
    }

    /** The number of the line that was read last, from 1. */
    public int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private void skipLineFeed() throws IOException {
        int next = read();
        if (next >= 0 && next != '\n') {
            at--; // the first of the next line
        }
    }

    /** The next character; −1 after the last. */
    private int read() throws IOException {
        if (at >= limit) {
            at = 0;
            limit = fill();
        }
        return at < limit ? buffer[at++] : -1;
    }

    private int fill() throws IOException {
        try {
            return reader.read(buffer);
        } catch (CharacterCodingException e) {
            throw new MalformedDataException(file, "is not UTF-8 text");
        }
    }
}
