package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.ModelOutline;
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
     * @param positions that the model has for a question and its answer
     */
    record Limits(int patches, int featureWidth, int maxLength, int positions) {

        static Limits of(InputConfig input, ModelOutline model) {
            return new Limits(
                    model.patches(),
                    model.featureWidth(),
                    Math.min(input.maxLength(), model.longest()),
                    model.llama().maxPositions());
        }
    }

    static TrainingData load(FineTuneConfig config, PromptTokenizer tokenizer, Limits limits) throws IOException {
        var files = config.paths().samples();
        var mode = config.input().featureMode();
        var set = SampleSet.read(files, tokenizer, limits);
        if (!mode.readsRows()) {
            files.features().ifPresent(unused -> LOG.info("feature mode {} does not read {}", mode.label(), unused));
        }
        var features = set.rows(mode, limits.featureWidth());
        var data = new TrainingData(
                set.samples(),
                set.tokens(),
                features.map(rows -> rows.as(mode, config.execution().seed())),
                limits,
                mode);
        data.requireSomethingToLearn(files.data());
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

    /** How many tokens of a sample are to be learnt. */
    long supervised(int sample) {
        return layout(List.of(sample)).supervised();
    }

    /** How many these are of each sample. */
    LongStream supervised() {
        return IntStream.range(0, size()).mapToLong(this::supervised);
    }

    List<Boolean> withPictures() {
        return samples.stream().map(sample -> !sample.images().isEmpty()).toList();
    }

    /** How many pictures of each sample the tower sees. */
    List<Integer> pictureCounts() {
        return IntStream.range(0, size())
                .map(i -> layout(List.of(i)).pictures().size())
                .boxed()
                .toList();
    }

    List<String> ids(List<Integer> batch) {
        return batch.stream().map(i -> samples.get(i).id()).toList();
    }

    /** The mean over no token at all is NaN, which would be told a hundred steps later. */
    private void requireSomethingToLearn(Path file) throws MalformedDataException {
        for (int i = 0; i < size(); i++) {
            if (supervised(i) == 0) {
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
