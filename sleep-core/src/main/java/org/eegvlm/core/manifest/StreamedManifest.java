package org.eegvlm.core.manifest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.JsonLines;
import org.eegvlm.core.io.UnchangedFile;

/**
 * The manifest of a data folder that may be too long to hold: its epochs are read whenever they are needed, and only counted
 * otherwise.
 *
 * <p>It has passed what an {@link EpochManifest} has passed. Each reading sees the same epochs, or fails before it gives
 * another.
 *
 * @param subjects how many epochs each has, by name
 */
public record StreamedManifest(UnchangedFile file, SortedMap<String, Tally> subjects) {

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
     * Reads it once; again where lines may clash.
     *
     * @param sink sees each epoch, and may refuse it
     * @throws MalformedDataException if a line breaks the format or two lines share an id; it tells the line
     * @throws LeakageException if a subject or a picture is in two splits
     */
    public static StreamedManifest open(Path path, Json.Sink<EpochRecord> sink) throws IOException {
        var file = UnchangedFile.of(path);
        var subjects = new TreeMap<String, Tally>();
        var clashes = new ClashSearch();
        forEach(file, epoch -> true, (epoch, place) -> {
            sink.accept(epoch, place);
            clashes.add(epoch);
            var before = subjects.getOrDefault(epoch.subject(), new Tally(epoch.split(), 0, 0));
            if (before.split() != epoch.split()) {
                throw new LeakageException(LeakageGate.subjectTwice(epoch.subject(), before.split(), epoch.split()));
            }
            subjects.put(epoch.subject(), before.with(epoch));
        });
        var manifest = new StreamedManifest(file, subjects);
        manifest.refuse(clashes.sharingAnId(), (first, place) -> manifest.refuseTheId(first));
        manifest.refuse(clashes.sharingAPicture(), (first, place) -> manifest.refuseThePicture(first));
        return manifest;
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
        return new Epochs(file, wanted);
    }

    private static void forEach(UnchangedFile file, Predicate<EpochRecord> wanted, Json.Sink<EpochRecord> sink)
            throws IOException {
        try (var epochs = new Epochs(file, wanted)) {
            for (var epoch = epochs.next(); epoch.isPresent(); epoch = epochs.next()) {
                sink.accept(epoch.get(), epochs.place());
            }
        }
    }

    private void refuse(Optional<Predicate<EpochRecord>> suspects, Json.Sink<EpochRecord> refusal) throws IOException {
        if (suspects.isPresent()) {
            forEach(file, suspects.get(), refusal);
        }
    }

    private void refuseTheId(EpochRecord first) throws IOException {
        try (var others = read(epoch -> epoch.id().equals(first.id()))) {
            others.skip(1);
            var other = others.next();
            if (other.isPresent()) {
                throw EpochManifest.idTwice(other.get(), file.path(), others.place());
            }
        }
    }

    private void refuseThePicture(EpochRecord first) throws IOException {
        try (var others = read(epoch -> epoch.sha256().equals(first.sha256()) && epoch.split() != first.split())) {
            var other = others.next();
            if (other.isPresent()) {
                LeakageGate.check(List.of(first, other.get()));
            }
        }
    }

    /** Epochs of a manifest, one after the other. */
    public static final class Epochs implements Closeable {

        private final Path file;
        private final Predicate<EpochRecord> wanted;
        private final JsonLines<EpochRecord> lines;

        private Epochs(UnchangedFile file, Predicate<EpochRecord> wanted) throws IOException {
            this.file = file.path();
            this.wanted = wanted;
            lines = JsonLines.open(file.path(), file.open(), EpochRecord.class);
        }

        /**
         * The next epoch; empty after the last.
         *
         * @throws MalformedDataException if a line breaks the format, or the file is no longer what it was
         */
        public Optional<EpochRecord> next() throws IOException {
            for (var epoch = lines.next(); epoch.isPresent(); epoch = lines.next()) {
                EpochManifest.requireComplete(epoch.get(), file, place());
                if (wanted.test(epoch.get())) {
                    return epoch;
                }
            }
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

        /** Where the epoch that was read last stands. */
        private String place() {
            return lines.place();
        }
    }
}
