package org.eegvlm.finetune;

import java.util.ArrayList;
import java.util.List;

/**
 * Which samples each step sees: pass after pass over all of them, each pass in an order of its own.
 *
 * <p>A step is {@code accumulation} batches; the last batch of a pass may be smaller. Step n sees the same samples whether
 * or not steps before it ran in this process.
 *
 * @param passes over the samples; may be a fraction
 */
record BatchPlan(SampleOrder order, int batchSize, int accumulation, double passes) {

    BatchPlan {
        order = SampleOrder.remembering(order); // every batch asks for its pass
    }

    /** At random. */
    BatchPlan(int samples, int batchSize, int accumulation, double passes, long seed) {
        this(SampleOrder.random(samples, seed), batchSize, accumulation, passes);
    }

    /** As many samples a batch as all replicas take together. */
    static BatchPlan of(FineTuneConfig config, TrainingData data) {
        var batch = config.batch();
        long seed = config.execution().seed();
        int replicas = config.execution().replicas().size();
        int dealt = batch.accumulation() * replicas;
        var order = batch.byModality()
                ? new ModalityOrder(data.lengths(), data.withPictures(), batch.size(), dealt, seed)
                : SampleOrder.random(data.size(), seed);
        return new BatchPlan(order, Math.multiplyExact(batch.size(), replicas), batch.accumulation(), batch.passes());
    }

    long batchesPerPass() {
        return ((long) samples() + batchSize - 1) / batchSize;
    }

    /** As LLaVA counts: of the batches that do not fill a step at the end of a pass, none makes a step of its own. */
    long steps() {
        return (long) Math.ceil(passes * Math.max(1, batchesPerPass() / accumulation));
    }

    /** How many passes are done after so many steps. */
    double passesAfter(long steps) {
        return (double) steps * accumulation / batchesPerPass();
    }

    /** Whether the given step, from 0, is the one that ends a pass. */
    boolean endsPass(long step) {
        return Math.floor(passesAfter(step + 1)) > Math.floor(passesAfter(step));
    }

    /** The samples of a step, from 0, batch by batch. */
    List<List<Integer>> batches(long step) {
        var batches = new ArrayList<List<Integer>>();
        for (long number = step * accumulation; number < (step + 1) * accumulation; number++) {
            batches.add(batch(number));
        }
        return batches;
    }

    private int samples() {
        return order.samples();
    }

    private List<Integer> batch(long number) {
        var pass = order.of(number / batchesPerPass());
        int from = (int) (number % batchesPerPass()) * batchSize;
        return pass.subList(from, Math.min(from + batchSize, samples()));
    }
}
