package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.llama.HeadGradient;
import org.eegvlm.llama.TrainingPass;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.SpliceLayout;

/**
 * A batch whose samples lie end to end, at both ends of the decoder: the splice that makes its input, and the head.
 *
 * <p>Owns what the pictures become from the splice to its way back. Tensors it returns belong to the innermost scope.
 */
final class PackedBatch implements AutoCloseable {

    private final LlavaModel model;
    private final TrainingData data;
    private final Backpropagation.Pictures pictures;
    private final List<Integer> samples;
    private final SpliceLayout layout;
    private final TrainingPass pass;
    private final long supervised;

    /** Patches and feature rows. */
    private List<NDArray> visual = List.of();

    PackedBatch(LlavaModel model, TrainingData data, Backpropagation.Pictures pictures, TrainingBatch batch) {
        this.model = model;
        this.data = data;
        this.pictures = pictures;
        this.samples = batch.samples();
        this.layout = data.layout(samples).packed();
        this.pass =
                new TrainingPass(Arrays.stream(layout.lengths()).asLongStream().toArray(), batch.seed());
        this.supervised = layout.supervised();
    }

    TrainingPass pass() {
        return pass;
    }

    /** How many tokens are to be learnt. */
    long supervised() {
        return supervised;
    }

    /** The first layer's input [1, T, H]. */
    NDArray spliced() throws IOException {
        visual = List.of(patches(), features());
        visual.forEach(NDScope::unregister);
        return model.splice(layout, visual.get(0), visual.get(1));
    }

    /** The projector's gradients, given that of {@link #spliced}. */
    List<NDArray> spliceGradients(NDArray gradient) {
        return model.spliceGradients(layout, gradient, visual.get(0), visual.get(1));
    }

    /**
     * @param x the last layer's output
     * @throws ArithmeticException if the loss is not finite
     */
    HeadGradient head(NDArray x) {
        var head = model.decoder().lossVjp(x, model.decoder().integers(layout.nextLabels()));
        if (!Double.isFinite(head.loss())) {
            throw new ArithmeticException("the loss is %s on samples %s; lower the learning rate or look at them"
                    .formatted(head.loss(), data.ids(samples)));
        }
        return head;
    }

    private NDArray patches() throws IOException {
        var rows = new float[layout.pictures().size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = pictures.patches(data.picture(samples, layout.pictures().get(i)));
        }
        return model.towerFeatures(rows);
    }

    private NDArray features() {
        return model.featureRows(layout.injected().stream()
                .map(slot -> data.feature(samples, slot))
                .toList());
    }

    @Override
    public void close() {
        visual.forEach(NDArray::close);
    }
}
