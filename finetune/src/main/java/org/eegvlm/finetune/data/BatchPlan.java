package org.eegvlm.finetune.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;

/**
 * Which samples each step sees: pass after pass over all of them, each pass in an order of its own.
 *
 * <p>A step is {@code accumulation} batches; the last batch of a pass may be smaller. Step n sees the same samples whether
 * or not steps before it ran in this process. Steps count from 0.
 */
public final class BatchPlan {

    private final SampleOrder order;
    private final int batchSize;
    private final int accumulation;
    private final double passes;
    private final Optional<Integer> maxSteps;

    /**
     * @param passes over the samples; may be a fraction
     * @param maxSteps ends the training there, whatever {@code passes} says
     */
    BatchPlan(SampleOrder order, int batchSize, int accumulation, double passes, Optional<Integer> maxSteps) {
        this.order = SampleOrder.remembering(order); // every batch asks for its pass
        this.batchSize = batchSize;
        this.accumulation = accumulation;
        this.passes = passes;
        this.maxSteps = maxSteps;
    }

    /** At random. */
    BatchPlan(int samples, int batchSize, int accumulation, double passes, long seed) {
        this(SampleOrder.random(samples, seed), batchSize, accumulation, passes, Optional.empty());
    }

    /** As many samples a batch as all replicas take together. */
    public static BatchPlan of(FineTuneConfig config, TrainingData data) {
        var batch = config.batch();
        long seed = config.execution().seed();
        int replicas = config.execution().replicas().size();
        int dealt = batch.accumulation() * replicas;
        var order = batch.byModality()
                ? new ModalityOrder(data.lengths(), data.withPictures(), batch.size(), dealt, seed)
                : SampleOrder.random(data.size(), seed);
        int size = Math.multiplyExact(batch.size(), replicas);
        return new BatchPlan(order, size, batch.accumulation(), batch.passes(), batch.maxSteps());
    }

    /** How many samples a batch has, but for the last one of a pass. */
    public int batchSize() {
        return batchSize;
    }

    /**
     * How many steps the whole training has. As LLaVA counts: of the batches that do not fill a step at the end of a pass,
     * none makes a step of its own.
     */
    public long steps() {
        return maxSteps.map(Integer::longValue).orElseGet(() ->
                (long) Math.ceil(passes * Math.max(1, batchesPerPass() / accumulation)));
    }

    /** How many passes are done after so many steps. */
    public double passesAfter(long steps) {
        return (double) steps * accumulation / batchesPerPass();
    }

    /** Whether an interval ends with the given step. */
    public boolean ends(Interval interval, long step) {
        return switch (interval.unit()) {
            case NO -> false;
            case STEPS -> (step + 1) % interval.steps() == 0;
            case EPOCH -> Math.floor(passesAfter(step + 1)) > Math.floor(passesAfter(step));
        };
    }

    /** The samples of a step, by their index in the data, batch by batch. */
    public List<List<Integer>> batches(long step) {
        var batches = new ArrayList<List<Integer>>();
        for (long number = step * accumulation; number < (step + 1) * accumulation; number++) {
            batches.add(batch(number));
        }
        return batches;
    }

    private long batchesPerPass() {
        return ((long) order.samples() + batchSize - 1) / batchSize;
    }

    private List<Integer> batch(long number) {
        var pass = order.of(number / batchesPerPass());
        int from = (int) (number % batchesPerPass()) * batchSize;
        return pass.subList(from, Math.min(from + batchSize, order.samples()));
    }
}
