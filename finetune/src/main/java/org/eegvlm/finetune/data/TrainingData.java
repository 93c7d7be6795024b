package org.eegvlm.finetune.data;

import static org.eegvlm.core.Preconditions.require;

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
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
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
public record TrainingData(
        List<InstructionSample> samples,
        List<TokenizedSample> tokens,
        Optional<FeatureRows> features,
        Limits limits,
        FeatureMode mode) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);

    public TrainingData {
        require(
                tokens.size() == samples.size(),
                "%d samples, of which %d are tokenized",
                samples.size(),
                tokens.size());
        samples = List.copyOf(samples);
        tokens = List.copyOf(tokens);
    }

    /**
     * What the model takes.
     *
     * @param patches rows of a picture
     * @param featureWidth numbers of a feature row
     * @param maxLength where longer sequences are cut, pictures included
     * @param positions that the model has for a question and its answer
     */
    public record Limits(int patches, int featureWidth, int maxLength, int positions) {

        /** Those of a model, or narrower where the settings say so. */
        public static Limits of(InputConfig input, ModelOutline model) {
            return new Limits(
                    model.patches(),
                    model.featureWidth(),
                    Math.min(input.maxLength(), model.longest()),
                    model.llama().maxPositions());
        }
    }

    /**
     * @throws IllegalArgumentException naming what is missing: the file, or a picture
     * @throws MalformedDataException naming the sample that is not as it should be
     */
    public static TrainingData load(FineTuneConfig config, PromptTokenizer tokenizer, Limits limits)
            throws IOException {
        var files = config.paths().samples();
        var mode = config.input().featureMode();
        var set = SampleSet.read(files, tokenizer, limits);
        if (!mode.readsRows()) {
            files.features().ifPresent(unused -> LOG.info("feature mode {} does not read {}", mode.label(), unused));
        }
        var features = set.rows(mode, limits.featureWidth(), config.execution().seed());
        var data = new TrainingData(set.samples(), set.tokens(), features, limits, mode);
        data.requireSomethingToLearn(files.data());
        return data;
    }

    /** How many samples there are. */
    public int size() {
        return samples.size();
    }

    /** Where everything stands in a batch of the given samples. */
    public SpliceLayout layout(List<Integer> batch) {
        return SpliceLayout.of(batch.stream().map(tokens::get).toList(), mode, limits.patches(), limits.maxLength());
    }

    /** The path of the picture in a slot of {@link #layout}'s batch, relative to the image folder. */
    public String picture(List<Integer> batch, SpliceLayout.Slot slot) {
        return samples.get(batch.get(slot.sample())).images().get(slot.picture());
    }

    /** The feature row for a slot of {@link #layout}'s batch. */
    public float[] feature(List<Integer> batch, SpliceLayout.Slot slot) {
        var id = samples.get(batch.get(slot.sample())).id();
        return features.orElseThrow(() -> new IllegalStateException("mode without features injects"))
                .row(id);
    }

    /** The pictures that the tower has to see, each once. */
    public List<String> pictures() {
        var pictures = new LinkedHashSet<String>();
        for (int i = 0; i < size(); i++) {
            var alone = List.of(i);
            layout(alone).pictures().forEach(slot -> pictures.add(picture(alone, slot)));
        }
        return List.copyOf(pictures);
    }

    /** The tokens of samples together, pictures included, padding not. */
    public long lengthOf(List<Integer> batch) {
        return Arrays.stream(layout(batch).lengths()).asLongStream().sum();
    }

    /** Of each sample, in tokens, pictures expanded and cut at the greatest length. */
    public List<Integer> lengths() {
        return tokens.stream()
                .map(sample -> Math.min(limits.maxLength(), SpliceLayout.length(sample, mode, limits.patches())))
                .toList();
    }

    /** How many tokens of a sample are to be learnt. */
    long supervised(int sample) {
        return layout(List.of(sample)).supervised();
    }

    /** How many these are of each sample. */
    public LongStream supervised() {
        return IntStream.range(0, size()).mapToLong(this::supervised);
    }

    /** Which samples have any. */
    public List<Boolean> withPictures() {
        return samples.stream().map(sample -> !sample.images().isEmpty()).toList();
    }

    /** How many pictures of each sample the tower sees. */
    public List<Integer> pictureCounts() {
        return IntStream.range(0, size())
                .map(i -> layout(List.of(i)).pictures().size())
                .boxed()
                .toList();
    }

    /** The names of samples, for people. */
    public List<String> ids(List<Integer> batch) {
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
