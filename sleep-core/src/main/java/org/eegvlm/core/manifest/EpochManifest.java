package org.eegvlm.core.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * The manifest of a data folder, {@code epochs.jsonl}: all epochs of all splits, one a line.
 *
 * <p>Ids are unique, and {@link LeakageGate} has passed it.
 */
public record EpochManifest(List<EpochRecord> records) {

    /**
     * @throws IllegalArgumentException if two records share an id
     * @throws LeakageException if a subject or a picture is in two splits
     */
    public EpochManifest {
        records = List.copyOf(records);
        var ids = new HashSet<String>();
        for (var record : records) {
            if (!ids.add(record.id())) {
                throw new IllegalArgumentException("two epochs have the id " + record.id());
            }
        }
        LeakageGate.check(records);
    }

    /**
     * @throws MalformedDataException if a line breaks the format or two lines share an id; it tells the line
     * @throws LeakageException if a subject or a picture is in two splits
     */
    public static EpochManifest read(Path file) throws IOException {
        return new EpochManifest(records(file));
    }

    /**
     * The records as they stand there, leaking or not.
     *
     * @throws MalformedDataException if a line breaks the format or two lines share an id; it tells the line
     */
    public static List<EpochRecord> records(Path file) throws IOException {
        var records = new ArrayList<EpochRecord>();
        var ids = new HashSet<String>();
        Json.readLines(file, EpochRecord.class, (record, place) -> {
            requireComplete(record, file, place);
            if (!ids.add(record.id())) {
                throw idTwice(record, file, place);
            }
            records.add(record);
        });
        return List.copyOf(records);
    }

    /** Whether pictures lie beside a manifest; if not, they are drawn from the recordings when they are needed. */
    public static boolean hasPictures(Path file) {
        return Arrays.stream(Split.values())
                .anyMatch(split -> Files.isDirectory(file.toAbsolutePath().resolveSibling(split.pictureFolder())));
    }

    public void write(Path file) throws IOException {
        Json.writeLines(file, records);
    }

    /** The records of these splits, in the manifest's order. */
    public List<EpochRecord> split(Split... splits) {
        var wanted = EnumSet.noneOf(Split.class);
        wanted.addAll(Arrays.asList(splits));
        return records.stream()
                .filter(record -> wanted.contains(record.split()))
                .toList();
    }

    /** The subjects of these splits, by name. */
    public List<String> subjects(Split... splits) {
        var names = new TreeSet<String>();
        split(splits).forEach(record -> names.add(record.subject()));
        return List.copyOf(names);
    }

    /** Whether any of its epochs is simulated. */
    public boolean simulated() {
        return records.stream().anyMatch(EpochRecord::simulated);
    }

    static MalformedDataException idTwice(EpochRecord record, Path file, String place) {
        return new MalformedDataException(file, place, "the id %s was there before".formatted(record.id()));
    }

    static void requireComplete(EpochRecord record, Path file, String place) throws MalformedDataException {
        boolean complete = Stream.of(
                        record.id(),
                        record.subject(),
                        record.night(),
                        record.stage(),
                        record.split(),
                        record.image(),
                        record.sha256(),
                        record.renderSpec(),
                        record.recording())
                .allMatch(Objects::nonNull);
        if (!complete) {
            throw new MalformedDataException(
                    file,
                    place,
                    "needs id, subject, night, split, image, sha256, render_spec and recording; one is missing");
        }
    }
}
