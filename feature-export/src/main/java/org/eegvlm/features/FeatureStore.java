package org.eegvlm.features;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.tensor.NpyWriter;

/**
 * A feature file in the making: float32 {@code [N, 1, 1024]}, C order.
 *
 * <p>The encoder's rows are collected in a partial file; {@link #finish} writes the standardised file from them. A store that
 * was cut off goes on after its last whole row; that these are still the wanted ones, its owner must know. Never more than a
 * few rows are in memory.
 */
final class FeatureStore implements Closeable {

    /** The width of CLIP's tower, which the projector of the language model expects. */
    static final int WIDTH = 1024;

    private final Output output;
    private final int expected;
    private final NpyWriter raw;

    private FeatureStore(Output output, int expected, NpyWriter raw) {
        this.output = output;
        this.expected = expected;
        this.raw = raw;
    }

    /**
     * Opens the unfinished store, or starts one.
     *
     * @param npy the finished file's place; its sidecar will lie beside it
     * @param rows how many will come
     * @throws OutputExistsException if the finished file is there
     */
    static FeatureStore resume(Path npy, int rows) throws IOException {
        var output = Output.begin(npy, false);
        return new FeatureStore(output, rows, NpyWriter.resume(output.partial(), rows, 1, WIDTH));
    }

    /** Removes a feature file, its sidecar, and what an unfinished run has left of them; the file first. */
    static void clear(Path npy) throws IOException {
        for (var file : List.of(npy, FeatureSidecar.beside(npy))) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(Output.fresh(file));
        }
        forgetRows(npy);
    }

    /** Removes the encoder's rows, which a run that was killed while it finished the file has left. */
    static void forgetRows(Path npy) throws IOException {
        Files.deleteIfExists(new Output(npy).partial());
    }

    /** How many rows are there, from the first on. */
    int rows() {
        return (int) raw.rows();
    }

    /** Forgets all rows from the given one on, so that a batch which was cut in two is encoded again as one. */
    void rewind(int toRow) throws IOException {
        raw.rewind(toRow);
    }

    /**
     * Appends the next rows.
     *
     * @param ids named in errors
     * @throws IllegalArgumentException if a row is not 1024 finite numbers, or there are more than expected
     */
    void append(List<String> ids, float[][] rows) throws IOException {
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
    Standardization fit(BitSet rows) throws IOException {
        return StandardizationFit.fit(NpyFile.open(output.partial()), rows);
    }

    /**
     * Writes the sidecar, then the standardised file.
     *
     * @throws IllegalStateException if rows are missing
     */
    void finish(Standardization standardization, Output.Content sidecar) throws IOException {
        if (rows() != expected) {
            throw new IllegalStateException("%d of %d rows are there".formatted(rows(), expected));
        }
        raw.close();
        sidecar.write(FeatureSidecar.beside(output.target()));
        Output.writeAtomically(output.target(), fresh -> standardise(fresh, standardization));
        forgetRows(output.target());
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    private void standardise(Path whole, Standardization standardization) throws IOException {
        var rows = NpyFile.open(output.partial());
        Files.deleteIfExists(whole);
        try (var writer = NpyWriter.resume(whole, expected, 1, WIDTH)) {
            for (int n = 0; n < expected; n++) {
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
}
