package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the nights in a folder, or reads a list of them. */
public final class Nights {

    private static final String SIGNALS = "-psg.edf";
    private static final String HYPNOGRAM = "-hypnogram.edf";
    /** {@code SC4001E0-PSG.edf} and {@code SC4001EC-Hypnogram.edf} are one night: the eighth letter is the scorer's. */
    private static final int COMMON_LETTERS = 7;
    /** Sleep-EDF's names: study, subject, night, recorder; the simulator's are alike. */
    private static final Pattern SLEEP_EDF =
            Pattern.compile("((?:SC|ST|SIM)\\d{3})(\\d)\\w.*", Pattern.CASE_INSENSITIVE);

    private Nights() {}

    /**
     * The nights of a folder, and of Sleep-EDF's two folders in it, by name. {@code X-PSG.edf} goes with {@code X-Hypnogram.edf}, or, where X is a name of
     * Sleep-EDF's, with the one that shares its first seven letters; any other EDF or BDF file is a night of its own,
     * with its own scoring if it holds one.
     *
     * @throws IllegalArgumentException if there is no recording, or two hypnograms fit one
     */
    public static List<Night> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is no folder; give one that holds EDF files");
        }
        var nights = new ArrayList<Night>(ofFiles(folder));
        for (var study : SleepEdf.Study.values()) {
            var inner = folder.resolve(study.folder());
            if (Files.isDirectory(inner)) {
                nights.addAll(ofFiles(inner));
            }
        }
        if (nights.isEmpty()) {
            throw new IllegalArgumentException(folder + " holds no recording (*-PSG.edf, *.edf, *.bdf)");
        }
        requireDistinct(nights, folder);
        return List.copyOf(nights);
    }

    private static List<Night> ofFiles(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            var files = entries.filter(Nights::isRecording).sorted().toList();
            var nights = new ArrayList<Night>();
            for (var file : files) {
                if (!endsWith(file, HYPNOGRAM)) {
                    nights.add(night(file, files));
                }
            }
            return nights;
        }
    }

    /** The night of one recording; a hypnogram beside it is found as {@link #in} finds it. */
    public static Night of(Path recording) throws IOException {
        if (!Files.isRegularFile(recording)) {
            throw new IllegalArgumentException("there is no file " + recording);
        }
        try (var entries = Files.list(recording.resolveSibling("."))) {
            return night(recording, entries.sorted().toList());
        }
    }

    /**
     * Reads a list of nights, for recordings in text and whatever else the names do not tell: a JSON array of objects
     * with {@code subject}, {@code night}, {@code recording} and, where needed, {@code hypnogram}, {@code split},
     * {@code epoch_seconds} (30); for a recording in text {@code rate_hz}, {@code channel} and {@code unit} (uV); for a
     * hypnogram in text {@code hypnogram_codes} and {@code hypnogram_step_seconds} (an epoch; for a recording in text
     * dreams and 5). Paths are relative to the file.
     *
     * @throws org.eegvlm.core.MalformedDataException if the JSON is broken or an entry lacks what it needs
     */
    public static List<Night> read(Path nightsJson) throws IOException {
        var nights = NightEntry.readAll(nightsJson);
        requireDistinct(nights, nightsJson);
        return nights;
    }

    private static Night night(Path recording, List<Path> files) {
        var stem = stem(recording);
        if (!endsWith(recording, SIGNALS)) {
            return Night.edf(stem, stem, recording, Optional.empty());
        }
        var ids = SLEEP_EDF.matcher(stem);
        var common = ids.matches() ? stem.substring(0, COMMON_LETTERS) : stem + HYPNOGRAM;
        var hypnograms = files.stream()
                .filter(file -> endsWith(file, HYPNOGRAM) && startsWith(file, common))
                .toList();
        if (hypnograms.size() > 1) {
            throw new IllegalArgumentException("%s has more than one hypnogram: %s".formatted(recording, hypnograms));
        }
        var subject = ids.matches() ? ids.group(1) : stem;
        var night = ids.matches() ? ids.group(1) + ids.group(2) : stem;
        return Night.edf(subject, night, recording, hypnograms.stream().findFirst());
    }

    private static void requireDistinct(List<Night> nights, Path source) {
        var seen = new HashSet<String>();
        for (var night : nights) {
            if (!seen.add(night.night())) {
                throw new IllegalArgumentException("%s: two nights are called %s".formatted(source, night.night()));
            }
        }
    }

    private static boolean isRecording(Path file) {
        return Files.isRegularFile(file) && (endsWith(file, ".edf") || endsWith(file, ".bdf"));
    }

    private static boolean endsWith(Path file, String lowerCase) {
        return name(file).toLowerCase(Locale.ROOT).endsWith(lowerCase);
    }

    private static boolean startsWith(Path file, String letters) {
        return name(file).regionMatches(true, 0, letters, 0, letters.length());
    }

    private static String stem(Path file) {
        return name(file).replaceFirst("(?i)(-PSG)?\\.[^.]*$", "");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
