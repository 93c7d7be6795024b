package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eegvlm.llama.LlamaDecoder;

/**
 * The batches of a step on their way through the stages and back, each stage in a thread of its own.
 *
 * <p>A stage goes forward with as many batches as there are stages from it to the end, then backward and forward in turn:
 * one forward, one backward (Narayanan et al. 2021, arXiv:2104.04473). So a device keeps no more batches than there are
 * stages, and where there is one stage, each batch is done before the next begins. What a stage computes, and in which
 * order, does not depend on how fast the others are.
 */
final class Pipeline implements AutoCloseable {

    private final List<PackedBatch> batches;
    private final List<Stage> stages;
    private final GradientSums sums;

    /** The part of the sums that is the projector's. */
    private final int projector;

    /** What comes out of each stage: for the next one, behind the last for the head. */
    private final List<Handover> outputs;

    /** The gradients of what went in: for the stage before, before the first for the splice. */
    private final List<Handover> inputGradients;

    /** @param sums by layer, and the projector's behind them */
    Pipeline(LlamaDecoder decoder, List<PackedBatch> batches, boolean checkpointing, GradientSums sums) {
        this.batches = batches;
        this.stages = decoder.stages().stream()
                .map(layers -> new Stage(decoder, layers, checkpointing))
                .toList();
        this.sums = sums;
        this.projector = decoder.layers();
        this.outputs = stages.stream().map(stage -> new Handover()).toList();
        this.inputGradients = stages.stream().map(stage -> new Handover()).toList();
    }

    /** Sums up the gradients of all batches; gives their losses, summed up over their supervised tokens. */
    double run() throws IOException {
        var works = IntStream.range(0, stages.size())
                .mapToObj(stage -> (Callable<Double>) () -> work(stage))
                .toList();
        return Together.all(works, loss -> {}, this::cancel).get(stages.size() - 1);
    }

    private double work(int stage) throws IOException {
        boolean done = false;
        try {
            double loss = 0;
            int ahead = Math.min(batches.size(), stages.size() - stage);
            for (int batch = 0; batch < ahead; batch++) {
                forward(stage, batch);
            }
            for (int batch = 0; batch < batches.size(); batch++) {
                loss += backward(stage, batch);
                if (batch + ahead < batches.size()) {
                    forward(stage, batch + ahead);
                }
            }
            done = true;
            return loss;
        } finally {
            if (!done) {
                cancel();
            }
        }
    }

    /** Lets no stage wait any more. */
    private void cancel() {
        Stream.concat(outputs.stream(), inputGradients.stream()).forEach(Handover::cancel);
    }

    private void forward(int stage, int number) throws IOException {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var batch = batches.get(number);
            var x = stage == 0 ? batch.spliced() : outputs.get(stage - 1).take();
            outputs.get(stage).give(stages.get(stage).forward(number, x, batch.pass()));
        }
    }

    /** Gives, where the head is, the batch's loss, summed up over its tokens. */
    private double backward(int stage, int number) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var batch = batches.get(number);
            if (stage < stages.size() - 1) {
                backward(stage, number, inputGradients.get(stage + 1).take());
                return 0;
            }
            var output = outputs.get(stage).take();
            var head = batch.head(output);
            output.close();
            backward(stage, number, head.input());
            return head.loss() * head.supervised();
        }
    }

    private void backward(int stage, int number, NDArray gradient) {
        var batch = batches.get(number);
        long supervised = batch.supervised();
        var ofInput = stages.get(stage).backward(number, gradient, batch.pass(), sums, supervised);
        if (stage == 0) {
            sums.add(projector, batch.spliceGradients(ofInput), supervised);
            batch.close();
        } else {
            inputGradients.get(stage).give(ofInput);
        }
    }

    @Override
    public void close() {
        stages.forEach(Stage::close);
        outputs.forEach(Handover::close);
        inputGradients.forEach(Handover::close);
        batches.forEach(PackedBatch::close);
    }
}
