package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.SpliceLayout;
import org.eegvlm.llava.TokenizedSample;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run learns from, checked whole before the first step: every sample has as many pictures as tags, its pictures
 * exist, something in it is to be learnt, and its feature row is there.
 *
 * @param samples as in the data file
 * @param tokens the same, tokenized, in the same order
 * @param features a row for each sample; empty where the mode injects none
 */
record TrainingData(
        List<InstructionSample> samples,
        List<TokenizedSample> tokens,
        Optional<FeatureRows> features,
        Limits limits,
        FeatureMode mode) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);

    /**
     * @param patches rows of a picture
     * @param featureWidth numbers of a feature row
     * @param maxLength where longer sequences are cut, pictures included
     */
    record Limits(int patches, int featureWidth, int maxLength) {}

    static TrainingData load(FineTuneConfig config, PromptTokenizer tokenizer, Limits limits) throws IOException {
        var file = config.paths().samples().data();
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("no data file " + file);
        }
        var samples = InstructionSample.readAll(file);
        if (samples.isEmpty()) {
            throw new MalformedDataException(file, "holds no sample");
        }
        var tokens = new ArrayList<TokenizedSample>();
        for (var sample : samples) {
            tokens.add(tokenizer.sample(sample, file));
        }
        requireEyes(samples, file, limits);
        requirePictures(samples, config.paths().samples());
        var mode = config.input().featureMode();
        var data = new TrainingData(samples, List.copyOf(tokens), features(config, samples, limits), limits, mode);
        data.requireSomethingToLearn(file);
        return data;
    }

    int size() {
        return samples.size();
    }

    /** Where everything stands in a batch of the given samples. */
    SpliceLayout layout(List<Integer> batch) {
        return SpliceLayout.of(batch.stream().map(tokens::get).toList(), mode, limits.patches(), limits.maxLength());
    }

    /** The path of the picture in a slot of {@link #layout}'s batch, relative to the image folder. */
    String picture(List<Integer> batch, SpliceLayout.Slot slot) {
        return samples.get(batch.get(slot.sample())).images().get(slot.picture());
    }

    /** The feature row for a slot of {@link #layout}'s batch. */
    float[] feature(List<Integer> batch, SpliceLayout.Slot slot) {
        var id = samples.get(batch.get(slot.sample())).id();
        return features.orElseThrow(() -> new IllegalStateException("mode without features injects"))
                .row(id);
    }

    /** The pictures that the tower has to see, each once. */
    List<String> pictures() {
        var pictures = new LinkedHashSet<String>();
        for (int i = 0; i < size(); i++) {
            var alone = List.of(i);
            layout(alone).pictures().forEach(slot -> pictures.add(picture(alone, slot)));
        }
        return List.copyOf(pictures);
    }

    /** The tokens of samples together, pictures included, padding not. */
    long lengthOf(List<Integer> batch) {
        return Arrays.stream(layout(batch).lengths()).asLongStream().sum();
    }

    /** Of each sample, in tokens, pictures expanded and cut at the greatest length. */
    List<Integer> lengths() {
        return tokens.stream()
                .map(sample -> Math.min(limits.maxLength(), SpliceLayout.length(sample, mode, limits.patches())))
                .toList();
    }

    List<Boolean> withPictures() {
        return samples.stream().map(sample -> !sample.images().isEmpty()).toList();
    }

    List<String> ids(List<Integer> batch) {
        return batch.stream().map(i -> samples.get(i).id()).toList();
    }

    private static void requireEyes(List<InstructionSample> samples, Path file, Limits limits) throws IOException {
        for (var sample : samples) {
            if (limits.patches() == 0 && !sample.images().isEmpty()) {
                throw new MalformedDataException(
                        file, "sample " + sample.id(), "has pictures, but the model has no vision tower");
            }
        }
    }

    private static void requirePictures(List<InstructionSample> samples, SampleFiles files) throws IOException {
        var known = new HashSet<String>();
        for (var sample : samples) {
            for (var image : sample.images()) {
                if (known.add(image) && !Files.isRegularFile(picture(sample, image, files))) {
                    throw new IllegalArgumentException(
                            "sample %s: no picture %s; render it, or name another image folder"
                                    .formatted(sample.id(), files.images().resolve(image)));
                }
            }
        }
    }

    private static Path picture(InstructionSample sample, String image, SampleFiles files) throws IOException {
        try {
            return Inside.resolve(files.images(), image);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(files.data(), "sample " + sample.id(), String.valueOf(e.getMessage()));
        }
    }

    private static Optional<FeatureRows> features(FineTuneConfig config, List<InstructionSample> samples, Limits limits)
            throws IOException {
        var mode = config.input().featureMode();
        var file = config.paths().samples().features();
        if (!mode.readsRows()) {
            file.ifPresent(unused -> LOG.info("feature mode {} does not read {}", mode.label(), unused));
        }
        if (!mode.injects()) {
            return Optional.empty();
        }
        // Only a second picture takes a row: text and single pictures need none.
        var injected =
                samples.stream().filter(sample -> sample.images().size() > 1).toList();
        if (injected.isEmpty()) {
            return Optional.empty();
        }
        var ids = new LinkedHashSet<String>();
        injected.forEach(sample -> ids.add(sample.id()));
        var rows = mode.readsRows()
                ? rows(file.orElseThrow(), limits.featureWidth(), injected, ids)
                : FeatureRows.of(List.copyOf(ids), new float[ids.size()][limits.featureWidth()]);
        return Optional.of(rows.as(mode, config.execution().seed()));
    }

    /** By the sidecar's ids; without a sidecar by the samples' {@code feature_index}. */
    private static FeatureRows rows(Path file, int width, List<InstructionSample> samples, Set<String> ids)
            throws IOException {
        var places = new LinkedHashMap<String, Integer>();
        samples.forEach(sample -> sample.featureIndex().ifPresent(place -> places.put(sample.id(), place)));
        if (Files.exists(FeatureSidecar.beside(file)) || places.isEmpty()) {
            return FeatureRows.read(file, width, ids).requirePlaces(places, file);
        }
        if (places.size() < ids.size()) {
            throw new MalformedDataException(
                    file, "some samples have a feature_index and some have none: which row is theirs is not known");
        }
        return FeatureRows.read(file, width, places);
    }

    /** The mean over no token at all is NaN, which would be told a hundred steps later. */
    private void requireSomethingToLearn(Path file) throws MalformedDataException {
        for (int i = 0; i < size(); i++) {
            var layout = layout(List.of(i));
            if (Arrays.stream(layout.nextLabels()[0]).allMatch(label -> label == TokenizedSample.IGNORED)) {
                throw new MalformedDataException(
                        file,
                        "sample " + samples.get(i).id(),
                        "nothing in it is to be learnt: its answer is empty or lies behind token "
                                + limits.maxLength());
            }
        }
        var cut = TruncatedTokens.of(this);
        if (cut.samples() > 0) {
            LOG.warn("{}", cut);
        }
    }
}
