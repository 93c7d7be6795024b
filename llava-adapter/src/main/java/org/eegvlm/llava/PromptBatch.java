package org.eegvlm.llava;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Requests as tokens, with the plan of where their pictures and feature rows stand.
 *
 * @param samples their prompts, in the order of the requests
 */
record PromptBatch(LlavaModel model, FeatureMode mode, List<VqaRequest> requests, List<TokenizedSample> samples) {

    /**
     * @param room how many tokens may follow each prompt
     * @throws IllegalArgumentException naming the sample, if tags and pictures differ in number, or prompt and room are
     *     longer than the model's positions
     */
    static PromptBatch of(
            LlavaModel model, PromptTokenizer prompts, FeatureMode mode, List<VqaRequest> requests, int room) {
        var samples = requests.stream()
                .map(request ->
                        prompts.prompt(request.id(), request.pictures().size(), request.question(), request.context()))
                .toList();
        var batch = new PromptBatch(model, mode, requests, samples);
        samples.forEach(sample -> batch.requireFits(sample, room));
        return batch;
    }

    SpliceLayout layout() {
        return SpliceLayout.of(samples, mode, model.patches(), positions());
    }

    /**
     * The prompts [B, T, H], padded on the right.
     *
     * @throws IllegalArgumentException naming the sample, if a feature row is missing or of another width
     */
    NDArray embeddings(SpliceLayout layout) {
        var pictures = layout.pictures().stream()
                .map(slot -> requests.get(slot.sample()).pictures().get(slot.picture()))
                .toList();
        var rows = layout.injected().stream()
                .map(slot -> row(requests.get(slot.sample())))
                .toList();
        return model.embed(layout, pictures, rows);
    }

    private void requireFits(TokenizedSample sample, int room) {
        int length = SpliceLayout.length(sample, mode, model.patches());
        if (length + room > positions()) {
            throw new IllegalArgumentException(
                    "sample %s: a prompt of %d tokens and an answer of %d exceed the model's %d positions"
                            .formatted(sample.id(), length, room, positions()));
        }
    }

    private float[] row(VqaRequest request) {
        int width = model.tower().width();
        if (mode == FeatureMode.ZERO) {
            return new float[width];
        }
        var row = request.feature()
                .orElseThrow(() -> new IllegalArgumentException(
                        "sample %s has no feature row; mode %s needs one".formatted(request.id(), mode.label())));
        if (row.length != width) {
            throw new IllegalArgumentException("sample %s: a feature row of %d numbers; the model takes %d"
                    .formatted(request.id(), row.length, width));
        }
        return row;
    }

    private int positions() {
        return model.decoder().config().maxPositions();
    }
}
