package org.eegvlm.llava;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where text and pictures stand in a batch: the plan after which {@link LlavaModel#splice} builds embeddings.
 *
 * <p>Everything that is not text comes from a <em>visual table</em> with one row per position it can fill: first the P
 * patches of each of {@link #pictures()}, then the rows of each of {@link #injected()} (P where the mode fuses, one in
 * {@link FeatureMode#TOKEN}). Sequences are padded on the right with id 0, label −100.
 *
 * @param ids [B, T]: token ids, 0 where a picture or padding stands
 * @param source [B, T]: a row of the visual table, or −1 where text or padding stands
 * @param labels [B, T]: not shifted; −100 for everything that is not to be learnt
 * @param lengths [B]: tokens of each sample, padding not counted
 * @param pictures whose patches are needed, in the order of the visual table
 * @param injected where feature rows go, in the order of the visual table
 * @param under for each injected slot the picture (index into {@code pictures}) to which its row is added; empty in
 *     {@link FeatureMode#TOKEN} and {@link FeatureMode#OFF}
 * @param truncated ids of samples that were cut at the greatest length
 */
@SuppressWarnings("ArrayRecordComponent")
public record SpliceLayout(
        int[][] ids,
        int[][] source,
        int[][] labels,
        int[] lengths,
        List<Slot> pictures,
        List<Slot> injected,
        int[] under,
        List<String> truncated) {

    /** The n-th picture (from 0) of the b-th sample of the batch. */
    public record Slot(int sample, int picture) {}

    public SpliceLayout {
        pictures = List.copyOf(pictures);
        injected = List.copyOf(injected);
        truncated = List.copyOf(truncated);
    }

    /**
     * @param patches P, the rows of a picture
     * @param maxLength where longer sequences are cut, pictures included
     * @throws IllegalArgumentException if the mode injects features and a sample has one picture only: its feature
     *     would silently go unused
     */
    public static SpliceLayout of(List<TokenizedSample> samples, FeatureMode mode, int patches, int maxLength) {
        var pictures = new ArrayList<Slot>();
        var injected = new ArrayList<Slot>();
        var under = new ArrayList<Integer>();
        for (int b = 0; b < samples.size(); b++) {
            int slots = samples.get(b).pictures();
            if (mode.injects() && slots == 1) {
                throw new IllegalArgumentException("sample %s has one picture; mode %s needs two, [Image1, Image2]"
                        .formatted(samples.get(b).id(), mode.label()));
            }
            for (int slot = 0; slot < slots; slot++) {
                if (!injects(mode, slot)) {
                    pictures.add(new Slot(b, slot));
                } else {
                    injected.add(new Slot(b, slot));
                    under.add(pictures.size() - 1);
                }
            }
        }
        var rows = new Rows(mode, patches, pictures.size() * patches);
        var expanded = samples.stream().map(rows::expand).toList();
        return batch(
                samples,
                expanded,
                maxLength,
                pictures,
                injected,
                mode.fuses() ? under.stream().mapToInt(Integer::intValue).toArray() : new int[0]);
    }

    /** How many positions a sample takes, pictures expanded. */
    public static int length(TokenizedSample sample, FeatureMode mode, int patches) {
        return new Rows(mode, patches, 0).expand(sample).source.length;
    }

    /**
     * The same samples end to end in one row, without padding: [1, T] with T the sum of the lengths. The first token of a
     * sample is nothing to learn, as none of its own stands before it.
     */
    public SpliceLayout packed() {
        var ofSamples = labels.clone();
        for (int b = 0; b < ofSamples.length; b++) {
            ofSamples[b] = ofSamples[b].clone();
            ofSamples[b][0] = TokenizedSample.IGNORED;
        }
        return new SpliceLayout(
                endToEnd(ids), endToEnd(source), endToEnd(ofSamples), lengths, pictures, injected, under, truncated);
    }

    private int[][] endToEnd(int[][] rows) {
        var packed = IntStream.range(0, rows.length).flatMap(b -> Arrays.stream(rows[b], 0, lengths[b]));
        return new int[][] {packed.toArray()};
    }

    /** [B, T]: what the decoder is to predict at each position, the label of the next. */
    public int[][] nextLabels() {
        return Arrays.stream(labels)
                .map(row -> {
                    var next = Arrays.copyOfRange(row, 1, row.length + 1);
                    next[row.length - 1] = TokenizedSample.IGNORED;
                    return next;
                })
                .toArray(int[][]::new);
    }

    /** How many tokens are to be learnt. */
    public long supervised() {
        return Arrays.stream(labels).mapToLong(TokenizedSample::supervised).sum();
    }

    /** T, the length of the longest sample. */
    public int length() {
        return ids.length == 0 ? 0 : ids[0].length;
    }

    private static boolean injects(FeatureMode mode, int slot) {
        return mode.injects() && slot % 2 == 1;
    }

    private static SpliceLayout batch(
            List<TokenizedSample> samples,
            List<Expanded> expanded,
            int maxLength,
            List<Slot> pictures,
            List<Slot> injected,
            int[] under) {
        int batch = samples.size();
        var lengths = new int[batch];
        var truncated = new ArrayList<String>();
        for (int b = 0; b < batch; b++) {
            lengths[b] = Math.min(maxLength, expanded.get(b).source.length);
            if (lengths[b] < expanded.get(b).source.length) {
                truncated.add(samples.get(b).id());
            }
        }
        int length = Arrays.stream(lengths).max().orElse(0);
        return new SpliceLayout(
                padded(expanded.stream().map(Expanded::ids).toList(), lengths, length, 0),
                padded(expanded.stream().map(Expanded::source).toList(), lengths, length, -1),
                padded(expanded.stream().map(Expanded::labels).toList(), lengths, length, TokenizedSample.IGNORED),
                lengths,
                pictures,
                injected,
                under,
                truncated);
    }

    private static int[][] padded(List<int[]> rows, int[] lengths, int length, int padding) {
        var padded = new int[rows.size()][length];
        for (int b = 0; b < padded.length; b++) {
            Arrays.fill(padded[b], padding);
            System.arraycopy(rows.get(b), 0, padded[b], 0, lengths[b]);
        }
        return padded;
    }

    /** One sample with each placeholder widened to the rows that fill it. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Expanded(int[] ids, int[] source, int[] labels) {}

    /** Hands out the rows of the visual table in order. */
    private static final class Rows {
        private final FeatureMode mode;
        private final int patches;
        private int nextPicture;
        private int nextInjected;

        Rows(FeatureMode mode, int patches, int firstInjected) {
            this.mode = mode;
            this.patches = patches;
            this.nextInjected = firstInjected;
        }

        Expanded expand(TokenizedSample sample) {
            int length = sample.ids().length + sample.pictures() * patches;
            var ids = new int[length];
            var source = new int[length];
            var labels = new int[length];
            Arrays.fill(source, -1);
            Arrays.fill(labels, TokenizedSample.IGNORED);
            int at = 0;
            int slot = 0;
            for (int t = 0; t < sample.ids().length; t++) {
                if (sample.ids()[t] != TokenizedSample.IMAGE) {
                    ids[at] = sample.ids()[t];
                    labels[at++] = sample.labels()[t];
                } else if (injects(mode, slot++)) {
                    int rows = mode.fuses() ? patches : 1;
                    for (int row = 0; row < rows; row++) {
                        source[at++] = nextInjected++;
                    }
                } else {
                    for (int row = 0; row < patches; row++) {
                        source[at++] = nextPicture++;
                    }
                }
            }
            return new Expanded(Arrays.copyOf(ids, at), Arrays.copyOf(source, at), Arrays.copyOf(labels, at));
        }
    }
}
