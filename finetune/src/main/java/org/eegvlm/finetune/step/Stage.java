package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llama.DecoderStage;
import org.eegvlm.llama.LlamaDecoder;
import org.eegvlm.llama.TrainingPass;

/**
 * The layers of one device in training.
 *
 * <p>The forward pass keeps the input of each layer, and what is inside it. With the checkpointing of Chen et al. 2016
 * (arXiv:1604.06174) it keeps the input only, and the backward pass computes each layer again. Owns what it keeps. One
 * thread at a time.
 */
final class Stage implements AutoCloseable {

    private final LlamaDecoder decoder;
    private final DecoderStage layers;
    private final boolean checkpointing;
    private final Map<Integer, List<Kept>> keptOfBatches = new HashMap<>();

    Stage(LlamaDecoder decoder, DecoderStage layers, boolean checkpointing) {
        this.decoder = decoder;
        this.layers = layers;
        this.checkpointing = checkpointing;
    }

    /** What the way back through a layer needs. */
    private record Kept(NDArray input, List<NDArray> inside) {

        void unregister() {
            NDScope.unregister(input);
            inside.forEach(NDScope::unregister);
        }

        void close() {
            input.close();
            inside.forEach(NDArray::close);
        }
    }

    /**
     * @param batch its number in the step
     * @param x the first layer's input; taken over
     * @return the last layer's output, of the innermost scope
     */
    NDArray forward(int batch, NDArray x, TrainingPass pass) {
        var kept = new ArrayList<Kept>();
        keptOfBatches.put(batch, kept);
        x = x.toDevice(layers.device(), false);
        var rooms = rooms(x);
        for (int layer = layers.first(); layer < layers.end(); layer++) {
            var whole = decoder.layer(layer, x, pass);
            var result = checkpointing ? whole.alone() : whole;
            var own = new Kept(x, result.inside());
            own.unregister();
            kept.add(own);
            x = rooms.remove();
            try (var output = result.output()) {
                Tensors.copy(List.of(output), List.of(x));
            }
        }
        return x;
    }

    /**
     * For every layer's output, made before the first layer: where outputs stay between the large tensors that come and go
     * inside layers, these no longer fit there. See {@link GradientSums}.
     */
    private Queue<NDArray> rooms(NDArray x) {
        return IntStream.range(layers.first(), layers.end())
                .mapToObj(layer -> x.duplicate())
                .collect(Collectors.toCollection(ArrayDeque::new));
    }

    /**
     * @param gradient of the last layer's output; closed
     * @param sums to which the layers' gradients are added
     * @param supervised tokens of the batch
     * @return the gradient of the first layer's input, of the innermost scope
     */
    NDArray backward(int batch, NDArray gradient, TrainingPass pass, GradientSums sums, long supervised) {
        var kept = Objects.requireNonNull(keptOfBatches.get(batch));
        for (int layer = layers.end() - 1; layer >= layers.first(); layer--) {
            var own = kept.get(kept.size() - 1);
            var back = decoder.layerVjp(layer, own.input(), own.inside(), gradient, pass);
            sums.add(layer, back.adapter(), supervised);
            kept.remove(kept.size() - 1);
            own.close();
            gradient.close();
            gradient = back.input();
        }
        return gradient;
    }

    @Override
    public void close() {
        keptOfBatches.values().forEach(kept -> kept.forEach(Kept::close));
    }
}
