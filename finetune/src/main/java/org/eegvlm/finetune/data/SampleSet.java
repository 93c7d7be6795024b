package org.eegvlm.finetune.data;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.TokenizedSample;

/**
 * The samples of a file, to learn from or to be asked about, whose pictures are there and as many as their tags.
 *
 * @param samples as in the file; at least one
 * @param tokens the same, tokenized, in the same order
 */
record SampleSet(SampleFiles files, List<InstructionSample> samples, List<TokenizedSample> tokens) {

    /**
     * @throws IllegalArgumentException naming what is missing: the file, or a picture
     * @throws MalformedDataException naming the sample that is not as it should be
     */
    static SampleSet read(SampleFiles files, PromptTokenizer tokenizer, TrainingData.Limits limits) throws IOException {
        var file = files.data();
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("no data file %s; build it, or name another".formatted(file));
        }
        var samples = InstructionSample.readAll(file);
        if (samples.isEmpty()) {
            throw new MalformedDataException(file, "holds no sample");
        }
        var tokens = new ArrayList<TokenizedSample>();
        for (var sample : samples) {
            tokens.add(tokenizer.sample(sample, file));
        }
        var set = new SampleSet(files, samples, List.copyOf(tokens));
        set.requireEyes(limits);
        set.requirePictures();
        return set;
    }

    /**
     * The feature rows of the samples that take one. A file that a sidecar describes may hold others' too: a balance
     * leaves epochs out, and an evaluation asks about some.
     *
     * @param width what the projector takes
     * @param seed of rows that are shuffled
     * @return nothing where no sample takes one
     * @throws org.eegvlm.core.manifest.LeakageException if rows of these samples call themselves out of fold and are
     *     not
     */
    Optional<FeatureRows> rows(FeatureMode mode, int width, long seed) throws IOException {
        // Only a second picture takes a row: text and single pictures need none.
        var injected =
                samples.stream().filter(sample -> sample.images().size() > 1).toList();
        if (!mode.injects() || injected.isEmpty()) {
            return Optional.empty();
        }
        var ids = new LinkedHashSet<String>();
        injected.forEach(sample -> ids.add(sample.id()));
        return Optional.of(
                mode.readsRows()
                        ? rows(files.features().orElseThrow(), width, injected, ids)
                                .as(mode, seed)
                        : FeatureRows.of(List.copyOf(ids), new float[ids.size()][width]));
    }

    /** By the sidecar's ids; without a sidecar by the samples' {@code feature_index}. */
    private static FeatureRows rows(Path file, int width, List<InstructionSample> samples, Set<String> ids)
            throws IOException {
        var places = new LinkedHashMap<String, Integer>();
        samples.forEach(sample -> sample.featureIndex().ifPresent(place -> places.put(sample.id(), place)));
        if (Files.exists(FeatureSidecar.beside(file)) || places.isEmpty()) {
            var all = FeatureRows.read(file, width).requirePlaces(places, file);
            var rows = requireAll(all, ids, file).only(ids);
            refuseLearntSubjects(rows, samples);
            return rows;
        }
        if (places.size() < ids.size()) {
            throw new MalformedDataException(
                    file, "some samples have a feature_index and some have none: which row is theirs is not known");
        }
        return FeatureRows.read(file, width, places);
    }

    /** What a sidecar claims of its rows, the samples' own subjects must bear out. */
    private static void refuseLearntSubjects(FeatureRows rows, List<InstructionSample> samples) {
        var sidecar = rows.sidecar();
        var folds = sidecar.flatMap(FeatureSidecar::outOfFold);
        if (folds.isPresent()) {
            var subjects = new LinkedHashMap<String, String>();
            samples.forEach(sample -> sample.subject().ifPresent(subject -> subjects.put(sample.id(), subject)));
            LeakageGate.checkOutOfFold(folds.get(), sidecar.orElseThrow().ids(), subjects);
        }
    }

    private static FeatureRows requireAll(FeatureRows rows, Set<String> ids, Path file) throws IOException {
        for (var id : ids) {
            if (!rows.has(id)) {
                throw new MalformedDataException(file, "has no row for sample " + id);
            }
        }
        return rows;
    }

    private void requireEyes(TrainingData.Limits limits) throws IOException {
        for (var sample : samples) {
            if (limits.patches() == 0 && !sample.images().isEmpty()) {
                throw new MalformedDataException(
                        files.data(), "sample " + sample.id(), "has pictures, but the model has no vision tower");
            }
        }
    }

    private void requirePictures() throws IOException {
        var known = new HashSet<String>();
        require(
                pictures().isEmpty() || Files.isDirectory(files.images()),
                "no image folder %s, and samples of %s have pictures; name another folder",
                files.images(),
                files.data());
        for (var sample : samples) {
            for (var image : sample.images()) {
                if (known.add(image) && !Files.isRegularFile(picture(sample, image))) {
                    throw new IllegalArgumentException(
                            "sample %s: no picture %s; render it, or name another image folder"
                                    .formatted(sample.id(), files.images().resolve(image)));
                }
            }
        }
    }

    private Path picture(InstructionSample sample, String image) throws IOException {
        try {
            return Inside.resolve(files.images(), image);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(files.data(), "sample " + sample.id(), String.valueOf(e.getMessage()));
        }
    }

    /** All pictures, each once. */
    List<String> pictures() {
        return samples.stream()
                .flatMap(sample -> sample.images().stream())
                .distinct()
                .toList();
    }
}
