package org.eegvlm.finetune.step;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** Several models side by side: each takes its share of every batch, all at the same time, and their gradients are summed up. */
final class Replicas implements Gradients {

    private final List<Backpropagation> replicas;
    private final ParameterCopies copies;

    Replicas(List<Backpropagation> replicas, ParameterCopies copies) {
        this.replicas = List.copyOf(replicas);
        this.copies = copies;
    }

    @Override
    public BatchGradients of(List<TrainingBatch> batches) throws IOException {
        var tasks = IntStream.range(0, replicas.size())
                .mapToObj(replica -> (Callable<BatchGradients>) () -> ofReplica(replica, batches))
                .toList();
        var found = Together.all(tasks, BatchGradients::close, () -> {});
        double loss = found.stream().mapToDouble(BatchGradients::loss).sum();
        long supervised = found.stream().mapToLong(BatchGradients::supervised).sum();
        var gradients =
                copies.summed(found.stream().map(BatchGradients::gradients).toList());
        return new BatchGradients(loss, supervised, gradients);
    }

    private BatchGradients ofReplica(int replica, List<TrainingBatch> batches) throws IOException {
        var shares = batches.stream()
                .map(batch -> batch.shares(replicas.size()).get(replica))
                .filter(share -> !share.samples().isEmpty())
                .toList();
        return shares.isEmpty() ? BatchGradients.NONE : replicas.get(replica).of(shares);
    }
}
