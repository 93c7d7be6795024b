package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import picocli.CommandLine.Option;

/** The feature row that goes with a question, found by its sample or its place in the file. */
final class AskFeatures {

    @Option(names = "--features", paramLabel = "FILE", description = "Feature rows (.npy), of which one is used.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--row", paramLabel = "N", description = "Which row, from 0 (needed where there are several).")
    private Optional<Integer> row = Optional.empty();

    @Option(names = "--sample", paramLabel = "ID", description = "Which row, by the sample's id in the file's sidecar.")
    private Optional<String> sample = Optional.empty();

    @Option(names = "--feature-mode", description = "fuse, token, off, zero or shuffle (as trained).")
    private Optional<String> mode = Optional.empty();

    /** @param trained the mode of the model card */
    FeatureMode mode(Optional<String> trained) {
        var standard = file.isPresent() ? FeatureMode.FUSE : FeatureMode.OFF;
        var chosen = mode.or(() -> trained).map(FeatureMode::named).orElse(standard);
        if (file.isPresent() && !chosen.readsRows()) {
            throw new IllegalArgumentException("--features changes nothing in mode " + chosen.label());
        }
        if (file.isEmpty() && (row.isPresent() || sample.isPresent())) {
            throw new IllegalArgumentException("--row and --sample name a row of --features");
        }
        if (row.isPresent() && sample.isPresent()) {
            throw new IllegalArgumentException("name the row by --row or by --sample, not by both");
        }
        if (chosen == FeatureMode.SHUFFLE && sample.isEmpty()) {
            throw new IllegalArgumentException("mode shuffle takes another sample's row: name yours by --sample");
        }
        return chosen;
    }

    boolean isEmpty() {
        return file.isEmpty();
    }

    /** @param width what the projector takes */
    float[] row(FeatureMode chosen, int width, long seed) throws IOException {
        var rows = file.orElseThrow();
        return sample.isPresent()
                ? FeatureRows.read(rows, width).as(chosen, seed).row(sample.get())
                : FeatureRows.row(rows, width, row);
    }
}
