package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.Progress;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.tensor.NpyWriter;

/**
 * What the frozen tower makes of each picture, computed once and kept in a file: [pictures, patches, width].
 *
 * <p>Rows are read when they are needed, so that memory does not grow with the data; the system caches the file. A
 * killed run goes on after the last whole row.
 */
final class PictureFeatures {

    private static final int BATCH = 8;

    /** Runs the tower over a few pictures, by their names in the data: [n, patches, width], flat. */
    @FunctionalInterface
    interface Encoder {
        float[] encode(List<String> pictures) throws IOException;
    }

    private final NpyFile file;
    private final Map<String, Integer> rows;

    private PictureFeatures(NpyFile file, Map<String, Integer> rows) {
        this.file = file;
        this.rows = rows;
    }

    /** @param pictures distinct names */
    static PictureFeatures compute(Path file, List<String> pictures, long[] shape, Encoder encoder, Progress progress)
            throws IOException {
        try (var writer = NpyWriter.resume(file, pictures.size(), shape[0], shape[1])) {
            // Whole batches only: a product of other sizes may round otherwise.
            writer.rewind(writer.rows() == pictures.size() ? writer.rows() : writer.rows() / BATCH * BATCH);
            for (int done = (int) writer.rows(); done < pictures.size(); done = (int) writer.rows()) {
                var batch = pictures.subList(done, Math.min(done + BATCH, pictures.size()));
                writer.append(encoder.encode(batch));
                progress.at("encoding pictures", writer.rows(), pictures.size(), "");
            }
        }
        var rows = new HashMap<String, Integer>();
        pictures.forEach(picture -> rows.put(picture, rows.size()));
        return new PictureFeatures(NpyFile.open(file), rows);
    }

    /** One picture's patches, [patches, width], flat. */
    float[] patches(String picture) throws IOException {
        var row = rows.get(picture);
        if (row == null) {
            throw new IllegalStateException("the tower never saw " + picture);
        }
        return file.row(row);
    }
}
