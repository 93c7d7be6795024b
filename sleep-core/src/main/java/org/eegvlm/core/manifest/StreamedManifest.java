package org.eegvlm.core.manifest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.JsonLines;
import org.eegvlm.core.io.Sha256;

/**
 * The manifest of a data folder that may be too long to hold: its epochs are read whenever they are needed, and only counted
 * otherwise.
 *
 * <p>It has passed what an {@link EpochManifest} has passed. Each reading sees the same bytes, or fails.
 *
 * @param sha256 of the file
 * @param subjects how many epochs each has, by name
 */
public record StreamedManifest(Path file, String sha256, SortedMap<String, Tally> subjects) {

    private static final Tally NONE = new Tally(Split.TRAIN, 0, 0);

    public StreamedManifest {
        subjects = Collections.unmodifiableSortedMap(new TreeMap<>(subjects));
    }

    /**
     * One subject's epochs.
     *
     * @param split which has all of them
     * @param scored how many of them have a stage
     */
    public record Tally(Split split, int epochs, int scored) {

        private Tally with(EpochRecord epoch) {
            return new Tally(split, epochs + 1, scored + (epoch.stage().isPresent() ? 1 : 0));
        }
    }

    /**
     * Reads it once, and what may clash in it a second time.
     *
     * @throws MalformedDataException if a line breaks the format or two lines share an id; it tells the line
     * @throws LeakageException if a subject or a picture is in two splits
     */
    public static StreamedManifest open(Path file) throws IOException {
        var subjects = new TreeMap<String, Tally>();
        var clashes = new ClashSearch();
        try (var epochs = new Epochs(file, epoch -> true, Optional.empty())) {
            for (var next = epochs.next(); next.isPresent(); next = epochs.next()) {
                var epoch = next.get();
                clashes.add(epoch);
                var before = subjects.getOrDefault(epoch.subject(), new Tally(epoch.split(), 0, 0));
                subjects.put(epoch.subject(), before.with(epoch));
            }
            var suspects = clashes.suspects();
            if (suspects.isPresent()) {
                LeakageGate.check(EpochManifest.records(file, suspects.get()));
            }
            return new StreamedManifest(file, epochs.sha256(), subjects);
        }
    }

    /** The subjects of a split that have an epoch, or one that is scored, by name. */
    public List<String> subjects(Split split, boolean scoredOnly) {
        return subjects.entrySet().stream()
                .filter(subject -> subject.getValue().split() == split)
                .map(Map.Entry::getKey)
                .filter(subject -> count(subject, scoredOnly) > 0)
                .toList();
    }

    /** How many epochs a subject has, or how many that are scored. */
    public int count(String subject, boolean scoredOnly) {
        var tally = subjects.getOrDefault(subject, NONE);
        return scoredOnly ? tally.scored() : tally.epochs();
    }

    /** Begins to read some of the epochs, in the manifest's order. */
    public Epochs read(Predicate<EpochRecord> wanted) throws IOException {
        return new Epochs(file, wanted, Optional.of(sha256));
    }

    /** Epochs of a manifest, one after the other. */
    public static final class Epochs implements Closeable {

        private final Path file;
        private final Predicate<EpochRecord> wanted;
        private final Optional<String> expected;
        private final DigestInputStream bytes;
        private final JsonLines<EpochRecord> lines;
        private boolean ended;

        private Epochs(Path file, Predicate<EpochRecord> wanted, Optional<String> expected) throws IOException {
            this.file = file;
            this.wanted = wanted;
            this.expected = expected;
            bytes = new DigestInputStream(Files.newInputStream(file), Sha256.digest());
            lines = JsonLines.open(file, bytes, EpochRecord.class);
        }

        /**
         * The next epoch; empty after the last.
         *
         * @throws MalformedDataException if a line breaks the format, or the file is no longer what it was
         */
        public Optional<EpochRecord> next() throws IOException {
            for (var epoch = lines.next(); epoch.isPresent(); epoch = lines.next()) {
                EpochManifest.requireComplete(epoch.get(), file, lines.place());
                if (wanted.test(epoch.get())) {
                    return epoch;
                }
            }
            if (!ended && expected.isPresent() && !expected.get().equals(sha256())) {
                throw new MalformedDataException(file, "was changed while it was read; start again");
            }
            ended = true;
            return Optional.empty();
        }

        /** Passes over the next epochs. */
        public void skip(int count) throws IOException {
            for (int n = 0; n < count; n++) {
                next();
            }
        }

        /** The next epochs, as many as there are up to the given number; none after the last. */
        public List<EpochRecord> next(int most) throws IOException {
            var epochs = new ArrayList<EpochRecord>();
            while (epochs.size() < most) {
                var epoch = next();
                if (epoch.isEmpty()) {
                    break;
                }
                epochs.add(epoch.get());
            }
            return epochs;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }

        private String sha256() {
            return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
        }
    }
}
