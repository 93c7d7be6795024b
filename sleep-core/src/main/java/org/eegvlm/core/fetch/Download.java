package org.eegvlm.core.fetch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.eegvlm.core.MalformedDataException;

/** Fetches one file over HTTP, and goes on where an earlier attempt was cut off. */
final class Download {

    private static final int BUFFER = 1 << 16;

    private final URI source;
    private final Path target;
    private final long mostBytes;
    private final Duration timeout;

    /**
     * @param target the unfinished file; what is in it already is not fetched again
     * @param mostBytes how large it may become
     */
    Download(URI source, Path target, long mostBytes, Duration timeout) {
        this.source = source;
        this.target = target;
        this.mostBytes = mostBytes;
        this.timeout = timeout;
    }

    /**
     * Asks once, and keeps what comes.
     *
     * @param progress is told how many bytes there are
     * @return whether the file is complete; if not, the connection was cut
     * @throws MalformedDataException if more comes than such a file can have
     * @throws IOException if the server does not answer, or refuses
     */
    boolean attempt(LongConsumer progress) throws IOException {
        long have = Files.exists(target) ? Files.size(target) : 0;
        var connection = (HttpURLConnection) source.toURL().openConnection();
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            return switch (connection.getResponseCode()) {
                case HttpURLConnection.HTTP_OK -> receive(connection, 0, progress);
                case HttpURLConnection.HTTP_PARTIAL -> receive(connection, startOf(connection, have), progress);
                case 416 -> true; // nothing is left; the digest will tell whether it is the right file
                case HttpURLConnection.HTTP_NOT_FOUND ->
                    throw new FileNotFoundException("%s is not there".formatted(source));
                default -> throw new IOException("%s answered %d".formatted(source, connection.getResponseCode()));
            };
        } finally {
            connection.disconnect();
        }
    }

    private long startOf(HttpURLConnection connection, long asked) throws IOException {
        var range = String.valueOf(connection.getHeaderField("Content-Range"));
        if (!range.startsWith("bytes " + asked + "-")) {
            throw new IOException("%s sent '%s' where bytes from %d were asked for".formatted(source, range, asked));
        }
        return asked;
    }

    /** A server that knows no ranges sends the file from its start. */
    private boolean receive(HttpURLConnection connection, long from, LongConsumer progress) throws IOException {
        long announced = connection.getContentLengthLong();
        long received = 0;
        var how = from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (var in = connection.getInputStream();
                var out = Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            var buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                received += count;
                if (from + received > mostBytes) {
                    throw new MalformedDataException(
                            target, "%s sends more than %d bytes for it".formatted(source, mostBytes));
                }
                out.write(buffer, 0, count);
                progress.accept(from + received);
            }
        }
        return announced < 0 || received >= announced;
    }
}
