package org.eegvlm.finetune;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.llama.TrainingPass;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.SpliceLayout;

/**
 * Loss and gradients of a batch, whose samples lie end to end.
 *
 * <p>The forward pass keeps the input of each decoder layer, and what is inside it. With the checkpointing of Chen et al.
 * 2016 (arXiv:1604.06174) it keeps the input only, and the backward pass computes each layer again.
 */
final class Backpropagation {

    /** Where a picture's patches come from, [patches, width], flat. */
    @FunctionalInterface
    interface Pictures {
        float[] patches(String picture) throws IOException;
    }

    private final LlavaModel model;
    private final TrainingData data;
    private final Pictures pictures;
    private final boolean checkpointing;

    Backpropagation(LlavaModel model, TrainingData data, Pictures pictures, boolean checkpointing) {
        this.model = model;
        this.data = data;
        this.pictures = pictures;
        this.checkpointing = checkpointing;
    }

    /** What the way back through a layer needs. */
    private record Kept(NDArray input, List<NDArray> inside) {

        void close() {
            input.close();
            inside.forEach(NDArray::close);
        }
    }

    /**
     * @param batch samples of the data, by index
     * @param seed of the dropout
     * @return tensors of the innermost scope
     */
    BatchGradients of(List<Integer> batch, long seed) throws IOException {
        var decoder = model.decoder();
        var layout = data.layout(batch).packed();
        var pass = pass(layout, seed);
        var patches = patches(batch, layout);
        var features = features(batch, layout);

        var kept = new ArrayList<Kept>();
        var x = model.splice(layout, patches, features);
        for (int layer = 0; layer < decoder.layers(); layer++) {
            var whole = decoder.layer(layer, x, pass);
            var result = checkpointing ? whole.alone() : whole;
            kept.add(new Kept(x, result.inside()));
            x = result.output();
        }

        var head = decoder.lossVjp(x, model.integers(layout.nextLabels()));
        x.close();

        var gradient = head.input();
        var ofLayers = new ArrayList<List<NDArray>>();
        for (int layer = decoder.layers() - 1; layer >= 0; layer--) {
            var own = kept.get(layer);
            var back = decoder.layerVjp(layer, own.input(), own.inside(), gradient, pass);
            ofLayers.add(0, back.adapter());
            own.close();
            gradient.close();
            gradient = back.input();
        }

        var gradients = new ArrayList<NDArray>();
        ofLayers.forEach(gradients::addAll);
        gradients.addAll(model.spliceGradients(layout, gradient, patches, features));
        return new BatchGradients(head.loss(), gradients);
    }

    /** The loss alone, with the dropout of a seed. */
    double loss(List<Integer> batch, long seed) throws IOException {
        var layout = data.layout(batch).packed();
        var pass = pass(layout, seed);
        var x = model.splice(layout, patches(batch, layout), features(batch, layout));
        for (int layer = 0; layer < model.decoder().layers(); layer++) {
            x = model.decoder().layer(layer, x, pass).alone().output();
        }
        return model.decoder().loss(x, model.integers(layout.nextLabels()));
    }

    /** What samples hold together, pictures included, padding not. */
    long tokens(List<Integer> samples) {
        return data.lengthOf(samples);
    }

    /** How the samples of a batch are called. */
    List<String> ids(List<Integer> batch) {
        return data.ids(batch);
    }

    private static TrainingPass pass(SpliceLayout layout, long seed) {
        return new TrainingPass(Arrays.stream(layout.lengths()).asLongStream().toArray(), seed);
    }

    private NDArray patches(List<Integer> batch, SpliceLayout layout) throws IOException {
        var rows = new float[layout.pictures().size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = pictures.patches(data.picture(batch, layout.pictures().get(i)));
        }
        return model.towerFeatures(rows);
    }

    private NDArray features(List<Integer> batch, SpliceLayout layout) {
        return model.featureRows(layout.injected().stream()
                .map(slot -> data.feature(batch, slot))
                .toList());
    }
}
