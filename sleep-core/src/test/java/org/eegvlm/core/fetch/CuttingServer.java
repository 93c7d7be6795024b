package org.eegvlm.core.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.core.io.Sha256;

/** Files over HTTP from this machine, by a server that may cut connections. */
final class CuttingServer implements AutoCloseable {

    private static final String ROOT = "/files/";

    private final HttpServer server;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> digests = new LinkedHashMap<>();
    private final Map<String, List<String>> requests = new LinkedHashMap<>();
    private Optional<String> sums = Optional.empty();
    private int cutAfter = Integer.MAX_VALUE;
    private boolean knowsRanges = true;

    CuttingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), ROOT));
    }

    void put(String path, int bytes) {
        var content = new byte[bytes];
        new Random(path.hashCode()).nextBytes(content);
        files.put(path, content);
        digests.put(path, Sha256.of(content));
    }

    byte[] content(String path) {
        return files.get(path);
    }

    /** What it sends is no longer what the list says. */
    void spoil(String path) {
        files.get(path)[0]++;
    }

    void sums(String text) {
        sums = Optional.of(text);
    }

    /** Each answer ends after so many bytes of a file. */
    void cutAfter(int bytes) {
        cutAfter = bytes;
    }

    void knowNoRanges() {
        knowsRanges = false;
    }

    /** The ranges that were asked for. */
    synchronized List<String> requests(String path) {
        return List.copyOf(requests.getOrDefault(path, List.of()));
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        var whole = exchange.getRequestURI().getPath();
        var path = whole.startsWith(ROOT) ? whole.substring(ROOT.length()) : "";
        boolean isList = path.equals(SleepEdfFetch.SUMS);
        var content = isList ? list() : files.get(path);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        var range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
        requests.computeIfAbsent(path, key -> new ArrayList<>()).add(range.orElse("bytes=0-"));
        int from = knowsRanges
                ? range.map(text -> Integer.parseInt(text.replaceAll("\\D", "")))
                        .orElse(0)
                : 0;
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        send(exchange, from > 0 ? 206 : 200, Arrays.copyOfRange(content, from, content.length), isList);
    }

    private void send(HttpExchange exchange, int status, byte[] rest, boolean whole) {
        try (exchange) {
            exchange.sendResponseHeaders(status, rest.length);
            exchange.getResponseBody().write(rest, 0, whole ? rest.length : Math.min(rest.length, cutAfter));
            exchange.getResponseBody().flush();
        } catch (IOException cut) {
            // as intended
        }
    }

    private byte[] list() {
        var text = new StringBuilder();
        digests.forEach(
                (path, digest) -> text.append(digest).append(' ').append(path).append('\n'));
        return sums.orElse(text.toString()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
