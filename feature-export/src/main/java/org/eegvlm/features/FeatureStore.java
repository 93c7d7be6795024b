package org.eegvlm.features;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.tensor.NpyWriter;

/**
 * A feature file in the making: float32 {@code [N, 1, 1024]}, C order, row n for the n-th id.
 *
 * <p>The encoder's rows are collected in a partial file, beside a draft that says whose they are; {@link #finish} writes
 * the standardised file and its sidecar from them. A store that was cut off goes on after its last whole row. Never more
 * than a few rows are in memory.
 */
public final class FeatureStore implements Closeable {

    /** The width of CLIP's tower, which the projector of the language model expects. */
    public static final int WIDTH = 1024;

    private final Output output;
    private final Draft draft;
    private final NpyWriter raw;

    private FeatureStore(Output output, Draft draft, NpyWriter raw) {
        this.output = output;
        this.draft = draft;
        this.raw = raw;
    }

    /** Whose rows the partial file holds. */
    private record Draft(FeatureSource source, List<String> ids) {}

    /**
     * Opens the unfinished store of the same source and ids, or starts one.
     *
     * @param npy the finished file's place; its sidecar will lie beside it
     * @param ids of all rows to come
     * @throws org.eegvlm.core.io.OutputExistsException if the finished file is there
     */
    public static FeatureStore create(Path npy, FeatureSource source, List<String> ids) throws IOException {
        var output = Output.begin(npy, false);
        var draft = new Draft(source, List.copyOf(ids));
        var draftFile = draftOf(output);
        if (!Files.exists(draftFile) || !draft.equals(Json.read(draftFile, Draft.class))) {
            Files.deleteIfExists(output.partial());
            Json.write(draftFile, draft);
        }
        return new FeatureStore(output, draft, NpyWriter.resume(output.partial(), ids.size(), 1, WIDTH));
    }

    /** Removes a feature file, its sidecar, and what an unfinished run has left of them; the file first. */
    static void clear(Path npy) throws IOException {
        var output = new Output(npy);
        for (var file : List.of(npy, FeatureSidecar.beside(npy), draftOf(output), output.partial())) {
            Files.deleteIfExists(file);
        }
    }

    /** How many rows are there, from the first on. */
    public int rows() {
        return (int) raw.rows();
    }

    /** Forgets all rows from the given one on, so that a batch which was cut in two is encoded again as one. */
    public void rewind(int toRow) throws IOException {
        raw.rewind(toRow);
    }

    /**
     * Appends the rows of the next ids.
     *
     * @throws IllegalArgumentException if these are not the next ids, or a row is not 1024 finite numbers
     */
    public void append(List<String> ids, float[][] rows) throws IOException {
        int next = rows();
        int end = Math.min(next + rows.length, draft.ids.size());
        if (!draft.ids.subList(next, end).equals(ids) || ids.size() != rows.length) {
            throw new IllegalArgumentException("rows of %s do not come next, after row %d".formatted(ids, next));
        }
        var flat = new float[rows.length * WIDTH];
        for (int n = 0; n < rows.length; n++) {
            requireFinite(ids.get(n), rows[n]);
            System.arraycopy(rows[n], 0, flat, n * WIDTH, WIDTH);
        }
        raw.append(flat);
    }

    /**
     * The standardisation after which the given rows have mean 0 and RMS 1 in each feature.
     *
     * @param rows their places; all must be there
     */
    public Standardization fit(List<Integer> rows) throws IOException {
        return StandardizationFit.fit(NpyFile.open(output.partial()), rows);
    }

    /**
     * Writes the standardised file and its sidecar.
     *
     * @throws IllegalStateException if rows are missing
     */
    public void finish(Standardization standardization) throws IOException {
        if (rows() != draft.ids.size()) {
            throw new IllegalStateException("%d of %d rows are there".formatted(rows(), draft.ids.size()));
        }
        raw.close();
        var whole = output.target().resolveSibling(output.target().getFileName() + ".tmp");
        standardise(whole, standardization);
        Json.write(FeatureSidecar.beside(output.target()), draft.source.sidecar(draft.ids, standardization));
        Files.delete(draftOf(output)); // first: without it nobody takes standardised rows for the encoder's
        Files.move(whole, output.partial(), StandardCopyOption.REPLACE_EXISTING);
        output.finish();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    private void standardise(Path whole, Standardization standardization) throws IOException {
        var rows = NpyFile.open(output.partial());
        Files.deleteIfExists(whole);
        try (var writer = NpyWriter.resume(whole, draft.ids.size(), 1, WIDTH)) {
            for (int n = 0; n < draft.ids.size(); n++) {
                writer.append(standardization.apply(rows.row(n)));
            }
        }
    }

    private static void requireFinite(String id, float[] row) {
        if (row.length != WIDTH) {
            throw new IllegalArgumentException("sample %s has %d features, not %d".formatted(id, row.length, WIDTH));
        }
        for (int i = 0; i < WIDTH; i++) {
            if (!Float.isFinite(row[i])) {
                throw new IllegalArgumentException("feature %d of sample %s is %s".formatted(i, id, row[i]));
            }
        }
    }

    private static Path draftOf(Output output) {
        return FeatureSidecar.beside(output.target())
                .resolveSibling(output.target().getFileName() + ".draft.json");
    }
}
