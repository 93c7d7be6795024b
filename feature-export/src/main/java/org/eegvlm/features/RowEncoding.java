package org.eegvlm.features;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.core.Progress;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.render.EpochImages;

/** Makes rows out of pictures, a batch at a time. The whole vision module is open; a fold model is for its rows only. */
final class RowEncoding {

    private final Path wholeModel;
    private final FeatureExtractor whole;
    private final EpochImages images;
    private final Execution execution;
    private final int atOnce;
    private final Progress progress;

    /** @param execution at a load that was chosen before */
    RowEncoding(Path wholeModel, FeatureExtractor whole, EpochImages images, Execution execution, Progress progress) {
        this.wholeModel = wholeModel;
        this.whole = whole;
        this.images = images;
        this.execution = execution;
        this.progress = progress;
        atOnce = execution.load().orElseThrow().atOnce();
    }

    /** Opens every fold model once: what an engine refuses it must refuse before older files make room. */
    void requireFolds(RowPlan rows) throws IOException {
        for (var part : rows.parts()) {
            if (!isWhole(part)) {
                FeatureExtractor.open(part.model(), execution).close();
            }
        }
    }

    /** Appends what a store lacks of these rows, from its last whole batch on. */
    void fill(FeatureStore store, RowPlan rows) throws IOException {
        int first = 0;
        for (var part : rows.parts()) {
            int end = first + rows.size(part);
            if (store.rows() < end) {
                store.rewind(first + (store.rows() - first) / atOnce * atOnce);
                fill(store, rows, part, store.rows() - first);
            }
            first = end;
        }
    }

    private void fill(FeatureStore store, RowPlan rows, RowPlan.Part part, int done) throws IOException {
        if (isWhole(part)) {
            fill(store, rows, part, done, whole);
            return;
        }
        try (var fold = FeatureExtractor.open(part.model(), execution)) {
            fill(store, rows, part, done, fold);
        }
    }

    private void fill(FeatureStore store, RowPlan rows, RowPlan.Part part, int done, FeatureExtractor extractor)
            throws IOException {
        int total = rows.size();
        try (var epochs = rows.read(part)) {
            epochs.skip(done);
            for (var batch = epochs.next(atOnce); !batch.isEmpty(); batch = epochs.next(atOnce)) {
                store.append(
                        batch.stream().map(EpochRecord::id).toList(),
                        extractor.encode(images.of(batch)).features());
                progress.at("encoding pictures", store.rows(), total, "");
            }
        }
    }

    private boolean isWhole(RowPlan.Part part) {
        return part.model().equals(wholeModel);
    }
}
