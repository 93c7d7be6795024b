package org.eegvlm.core.fetch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.BoundedLines;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.night.SleepEdf;

/**
 * Fetches nights of Sleep-EDF, signals and hypnograms, with the tables of their subjects, and compares each file with its
 * SHA-256 in PhysioNet's list.
 *
 * <p>A file that is there and right is not fetched again; one that was cut off goes on where it was, now or in a later
 * run. Under its own name a file is always whole and right: until then it is called {@code *.partial}.
 */
public final class SleepEdfFetch {

    static final String SUMS = "SHA256SUMS.txt";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]?(\\S+)");
    private static final int LONGEST_LINE = 1000;
    private static final int MOST_LINES = 100_000;
    private static final long MOST_LIST_BYTES = 16L << 20;
    private static final long MOST_FILE_BYTES = 16L << 30; // the whole database has 8 GB
    private static final int MOST_DOUBLINGS = 4;

    private final FetchConfig config;
    private final Progress progress;

    public SleepEdfFetch(FetchConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * What was fetched.
     *
     * @param nights how many are there now, with their hypnograms
     * @param fetched how many files came over the net
     * @param kept how many were there already
     */
    public record Report(int nights, int fetched, int kept) {}

    /**
     * @throws IOException if the server does not answer, or cuts every attempt off; the next run goes on from there
     * @throws MalformedDataException if a file twice comes with another digest than the list's
     */
    public Report run() throws IOException {
        Files.createDirectories(config.output());
        var sums = sums();
        var chosen = config.choice().among(List.copyOf(nights(sums).entrySet()), Map.Entry::getKey);
        var files = new LinkedHashMap<String, String>(tables(sums, chosen));
        chosen.forEach(night -> files.putAll(night.getValue()));
        int fetched = 0;
        int done = 0;
        for (var file : files.entrySet()) {
            var target = config.output().resolve(file.getKey());
            fetched += fetch(file.getKey(), target, file.getValue(), done, files.size()) ? 1 : 0;
            done++;
            progress.at("fetching", done, files.size(), file.getKey());
        }
        return new Report(chosen.size(), fetched, done - fetched);
    }

    /** The list is fetched anew each time: it is small, and it decides. */
    private Map<String, String> sums() throws IOException {
        var file = config.output().resolve(SUMS);
        var partial = partial(file);
        Files.deleteIfExists(partial);
        receive(SUMS, partial, MOST_LIST_BYTES, bytes -> {});
        var sums = new LinkedHashMap<String, String>();
        try (var lines = BoundedLines.open(partial, StandardCharsets.UTF_8, LONGEST_LINE)) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                var parts = LINE.matcher(line.get().strip());
                if (line.get().isBlank()) {
                    continue;
                }
                if (!parts.matches() || sums.size() == MOST_LINES) {
                    throw new MalformedDataException(
                            file, "line " + lines.number(), "is not a SHA-256 and a file's name");
                }
                sums.put(parts.group(2), parts.group(1));
            }
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return sums;
    }

    /** By night: its files with their digests. Only names of Sleep-EDF, in its two folders, are ever written to. */
    private static Map<String, Map<String, String>> nights(Map<String, String> sums) {
        var nights = new TreeMap<String, Map<String, String>>();
        sums.forEach((path, sum) -> SleepEdf.of(path.substring(path.lastIndexOf('/') + 1))
                .filter(name ->
                        path.startsWith(name.study().folder() + "/") && path.indexOf('/') == path.lastIndexOf('/'))
                .ifPresent(name -> nights.computeIfAbsent(name.night(), night -> new TreeMap<>())
                        .put(path, sum)));
        return nights;
    }

    /** The workbooks that tell the subjects of the studies chosen from, where the list has them. */
    private static Map<String, String> tables(
            Map<String, String> sums, List<Map.Entry<String, Map<String, String>>> chosen) {
        var tables = new TreeMap<String, String>();
        for (var study : SleepEdf.Study.values()) {
            var sum = sums.get(study.table());
            if (sum != null && chosen.stream().anyMatch(night -> night.getKey().startsWith(study.name()))) {
                tables.put(study.table(), sum);
            }
        }
        return tables;
    }

    /** @return whether it had to be fetched */
    private boolean fetch(String path, Path target, String sum, long done, long total) throws IOException {
        if (Files.exists(target) && Sha256.of(target).equals(sum)) {
            return false;
        }
        Files.createDirectories(target.resolveSibling(""));
        var partial = partial(target);
        for (int attempt = 0; attempt < 2; attempt++) { // what an earlier run left may be of another file
            receive(path, partial, MOST_FILE_BYTES, bytes -> progress.at("fetching", done, total, told(path, bytes)));
            if (Sha256.of(partial).equals(sum)) {
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return true;
            }
            Files.delete(partial);
        }
        throw new MalformedDataException(
                target, "came twice with another SHA-256 than %s says; try another --source".formatted(SUMS));
    }

    private void receive(String path, Path partial, long mostBytes, LongConsumer told) throws IOException {
        var download = new Download(config.source().resolve(path), partial, mostBytes, config.timeout());
        int fruitless = 0;
        while (true) {
            long before = size(partial);
            Optional<IOException> failure = Optional.empty();
            try {
                if (download.attempt(told)) {
                    return;
                }
            } catch (FileNotFoundException | MalformedDataException e) {
                throw e;
            } catch (UnknownHostException e) {
                throw new IOException(
                        "%s: no such host; check the address and the network".formatted(config.source()), e);
            } catch (IOException e) {
                failure = Optional.of(e);
            }
            fruitless = size(partial) > before ? 0 : fruitless + 1;
            if (fruitless >= config.attempts()) {
                throw givenUp(path, size(partial), failure);
            }
            if (fruitless > 0) {
                pause(fruitless);
            }
        }
    }

    private IOException givenUp(String path, long bytes, Optional<IOException> failure) {
        return failure.map(e ->
                        new IOException("%s: %s; run it again to go on".formatted(config.source(), e.getMessage()), e))
                .orElseGet(() -> new IOException("%s was cut off %d times in a row at byte %d; run it again to go on"
                        .formatted(config.source().resolve(path), config.attempts(), bytes)));
    }

    /** A server that is overloaded, or starts anew, needs time more than requests. */
    private void pause(int fruitless) throws InterruptedIOException {
        try {
            Thread.sleep(config.pause().toMillis() << Math.min(MOST_DOUBLINGS, fruitless - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between two attempts; run it again to go on");
        }
    }

    private static String told(String path, long bytes) {
        return String.format(Locale.ROOT, "%s %.1f MB", path, bytes / 1e6);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + ".partial");
    }
}
