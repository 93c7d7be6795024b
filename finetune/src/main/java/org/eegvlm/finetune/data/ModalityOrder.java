package org.eegvlm.finetune.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * LLaVA's {@code group_by_modality_length}: the samples of a step have pictures, all or none, and its batches are about as
 * long.
 *
 * <p>Samples with and without pictures are shuffled by themselves and cut into megabatches, the samples of a step; each is
 * sorted by length and dealt to its batches. All megabatches are shuffled; what is left of both kinds comes last.
 *
 * <p>Unlike LLaVA's code, lengths are tokens, pictures expanded, not words; and data without any picture is sorted as other
 * data is (its code sorts it by negative lengths).
 *
 * @param lengths of the samples, in tokens
 * @param withPictures which samples have any
 * @param batchSize samples a batch
 * @param batches of a step
 */
record ModalityOrder(List<Integer> lengths, List<Boolean> withPictures, int batchSize, int batches, long seed)
        implements SampleOrder {

    @Override
    public int samples() {
        return lengths.size();
    }

    @Override
    public List<Integer> of(long pass) {
        return of(SampleOrder.permutations(seed, pass));
    }

    /** @param permutations the random part */
    List<Integer> of(IntFunction<List<Integer>> permutations) {
        var pictures = indices(true);
        var texts = indices(false);
        if (pictures.isEmpty() || texts.isEmpty()) {
            return grouped(pictures.isEmpty() ? texts : pictures, permutations);
        }
        var ofPictures = megabatches(grouped(pictures, permutations));
        var ofTexts = megabatches(grouped(texts, permutations));
        var rest = new ArrayList<>(ofPictures.remove(ofPictures.size() - 1));
        rest.addAll(ofTexts.remove(ofTexts.size() - 1));
        rest.sort(Comparator.naturalOrder());

        var all = new ArrayList<>(ofPictures);
        all.addAll(ofTexts);
        var order = new ArrayList<Integer>();
        permutations.apply(all.size()).forEach(i -> order.addAll(all.get(i)));
        order.addAll(rest);
        return order;
    }

    private List<Integer> indices(boolean pictures) {
        return IntStream.range(0, samples())
                .filter(i -> withPictures.get(i) == pictures)
                .boxed()
                .toList();
    }

    /** Samples of one kind: shuffled, and each megabatch sorted and dealt. */
    private List<Integer> grouped(List<Integer> indices, IntFunction<List<Integer>> permutations) {
        var shuffled =
                permutations.apply(indices.size()).stream().map(indices::get).toList();
        var order = new ArrayList<Integer>();
        for (var megabatch : megabatches(shuffled)) {
            // A stable sort, as Python's: samples of one length keep their random order.
            var sorted = megabatch.stream()
                    .sorted(Comparator.comparing(lengths::get, Comparator.reverseOrder()))
                    .toList();
            dealt(sorted).forEach(order::addAll);
        }
        return order;
    }

    private List<List<Integer>> megabatches(List<Integer> indices) {
        int size = batchSize * batches;
        var megabatches = new ArrayList<List<Integer>>();
        for (int from = 0; from < indices.size(); from += size) {
            megabatches.add(indices.subList(from, Math.min(from + size, indices.size())));
        }
        return megabatches;
    }

    /** Each sample, the longest first, goes to the batch that is shortest yet and not full. */
    private List<List<Integer>> dealt(List<Integer> megabatch) {
        var dealt = IntStream.range(0, batches)
                .mapToObj(batch -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        if (megabatch.size() % batches != 0) {
            IntStream.range(0, megabatch.size())
                    .forEach(i -> dealt.get(i % batches).add(megabatch.get(i)));
            return dealt;
        }
        int room = megabatch.size() / batches;
        for (int sample : megabatch) {
            dealt.stream()
                    .filter(batch -> batch.size() < room)
                    .min(Comparator.comparingLong(this::length))
                    .orElseThrow()
                    .add(sample);
        }
        return dealt;
    }

    private long length(List<Integer> batch) {
        return batch.stream().mapToLong(lengths::get).sum();
    }
}
