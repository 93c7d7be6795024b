package org.eegvlm.core.night;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.edf.EdfRecording;

/**
 * Reads what a scorer wrote, whatever the format: EDF+ annotations or the hypnogram signal of an EDF file, XML of
 * Compumedics Profusion or the NSRR, or text.
 */
public final class Scorings {

    /** Of one file; two weeks, second by second. */
    static final int MOST_STRETCHES = 1_000_000;

    private static final int MOST_EPOCHS = 200_000; // two months; a header can claim centuries
    private static final String EDF_VERSION = "0       ";
    private static final String BDF_VERSION = "\u00ffBIOSEMI";

    private Scorings() {}

    /**
     * @param codes what numbers mean in a text file; needed only there
     * @param step how long a line of a text file stands for, and a stage that tells neither its own end nor the next one
     * @throws MalformedDataException if the file breaks its format, or holds no sleep stage
     */
    public static Scoring read(Path file, Optional<StageCodes> codes, Duration step) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such hypnogram");
        }
        var scoring = readAny(file, codes, step);
        if (scoring.stretches().isEmpty()) {
            throw new MalformedDataException(
                    file,
                    "holds no sleep stage: no annotation '%s', no signal '%s', no line of text"
                            .formatted(StageLabels.KNOWN, EdfScoring.SIGNAL));
        }
        return scoring;
    }

    /**
     * The hypnograms of a folder, as Sleep-EDF names them, in order; a file stands for itself.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static List<Path> in(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return List.of(fileOrFolder);
        }
        try (var entries = Files.list(fileOrFolder)) {
            var files = entries.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).endsWith("-hypnogram.edf"))
                    .sorted()
                    .toList();
            require(!files.isEmpty(), "%s holds no *-Hypnogram.edf", fileOrFolder);
            return files;
        }
    }

    private static Scoring readAny(Path file, Optional<StageCodes> codes, Duration step) throws IOException {
        return switch (Kind.of(file)) {
            case XML -> XmlScoring.read(file);
            case TEXT -> new TextScoring(file, codes, step).read();
            case EDF -> {
                try (var edf = EdfRecording.open(file)) {
                    yield new EdfScoring(file, edf, step).read();
                }
            }
        };
    }

    private enum Kind {
        EDF,
        XML,
        TEXT;

        /** By the file's name; where that does not tell, by how it starts. */
        static Kind of(Path file) throws IOException {
            var name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "edf", "bdf", "rec" -> {
                    return EDF;
                }
                case "xml" -> {
                    return XML;
                }
                case "txt", "csv", "tsv" -> {
                    return TEXT;
                }
                default -> {}
            }
            try (var in = Files.newInputStream(file)) {
                var start = new String(in.readNBytes(EDF_VERSION.length()), StandardCharsets.ISO_8859_1);
                return start.equals(EDF_VERSION) || start.equals(BDF_VERSION)
                        ? EDF
                        : start.startsWith("<") ? XML : TEXT;
            }
        }
    }

    /**
     * Cuts a scoring that goes with no recording into epochs, up to its own end.
     *
     * @throws MalformedDataException if it claims more than there can be
     */
    public static Hypnogram hypnogram(Path file, Scoring scoring, Duration epochLength) throws MalformedDataException {
        double epochs = Math.rint(scoring.until() * 1e9 / epochLength.toNanos());
        requireFewEpochs(file, epochs);
        return scoring.epochs((int) epochs, epochLength);
    }

    static void requireFewEpochs(Path file, double epochs) throws MalformedDataException {
        if (epochs > MOST_EPOCHS) {
            throw new MalformedDataException(file, "claims %.0f epochs, more than %d".formatted(epochs, MOST_EPOCHS));
        }
    }

    static void requireFew(Path file, int stretches) throws MalformedDataException {
        if (stretches >= MOST_STRETCHES) {
            throw new MalformedDataException(file, "holds more stages than a scoring: " + stretches);
        }
    }
}
