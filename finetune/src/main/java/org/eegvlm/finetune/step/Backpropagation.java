package org.eegvlm.finetune.step;

import java.io.IOException;
import java.util.List;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.llava.LlavaModel;

/** Loss and gradients of batches by one model, whose layers lie on one device or on several. */
final class Backpropagation implements Gradients {

    /** Where a picture's patches come from, [patches, width], flat. */
    @FunctionalInterface
    interface Pictures {
        float[] patches(String picture) throws IOException;
    }

    private final LlavaModel model;
    private final TrainingData data;
    private final Pictures pictures;
    private final boolean checkpointing;

    /** @param checkpointing whether a layer's inside is computed again on the way back, not kept */
    Backpropagation(LlavaModel model, TrainingData data, Pictures pictures, boolean checkpointing) {
        this.model = model;
        this.data = data;
        this.pictures = pictures;
        this.checkpointing = checkpointing;
    }

    @Override
    public BatchGradients of(List<TrainingBatch> batches) throws IOException {
        var packed = batches.stream().map(this::packed).toList();
        var sums = new GradientSums(model);
        try (var pipeline = new Pipeline(model.decoder(), packed, checkpointing, sums)) {
            double loss = pipeline.run();
            long supervised = packed.stream().mapToLong(PackedBatch::supervised).sum();
            return new BatchGradients(loss, supervised, sums.tensors());
        } catch (IOException | RuntimeException | Error e) {
            sums.close();
            throw e;
        }
    }

    private PackedBatch packed(TrainingBatch batch) {
        return new PackedBatch(model, data, pictures, batch);
    }
}
