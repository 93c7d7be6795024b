package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.MalformedTensorException;
import org.eegvlm.tensor.NpyFile;

/**
 * The vision module's features, one row a sample, found by the sample's id and never by position.
 *
 * <p>Rows are read into memory whole: 10 000 epochs take 40 MB.
 */
public final class FeatureRows {

    private final Map<String, float[]> rows;
    private final int width;
    private final Optional<FeatureSidecar> sidecar;

    private FeatureRows(Map<String, float[]> rows, int width, Optional<FeatureSidecar> sidecar) {
        this.rows = rows;
        this.width = width;
        this.sidecar = sidecar;
    }

    /**
     * Reads {@code X.npy} [N, 1, width] and its sidecar {@code X.json}. Half precision is widened, double precision
     * rounded to float.
     *
     * @param width what the projector takes, {@code mm_hidden_size}
     * @throws MalformedDataException if shape or type do not fit, ids and rows differ in number, an id stands twice,
     *     or a value is not finite
     */
    public static FeatureRows read(Path npy, int width) throws IOException {
        var file = open(npy);
        requireShape(npy, file, width);
        var sidecarFile = FeatureSidecar.beside(npy);
        if (!Files.exists(sidecarFile)) {
            throw new MalformedDataException(
                    npy,
                    "without " + sidecarFile.getFileName() + " beside it nobody knows which sample a row belongs to");
        }
        var sidecar = Json.read(sidecarFile, FeatureSidecar.class);
        if (sidecar.ids().size() != file.rows()) {
            throw new MalformedDataException(
                    npy,
                    "has %d rows, but its sidecar lists %d ids"
                            .formatted(file.rows(), sidecar.ids().size()));
        }
        var rows = new HashMap<String, float[]>();
        for (int n = 0; n < sidecar.ids().size(); n++) {
            var row = file.row(n);
            requireFinite(npy, n, row);
            if (rows.put(sidecar.ids().get(n), row) != null) {
                throw new MalformedDataException(
                        sidecarFile, "ids", "'" + sidecar.ids().get(n) + "' stands twice");
            }
        }
        return new FeatureRows(rows, width, Optional.of(sidecar));
    }

    /**
     * The same, for a file that must hold exactly the rows of the given samples.
     *
     * @param sampleIds an id may stand more than once, such as with every question on its sample
     */
    public static FeatureRows read(Path npy, int width, Collection<String> sampleIds) throws IOException {
        var features = read(npy, width);
        var samples = new LinkedHashSet<>(sampleIds);
        if (features.rows.size() != samples.size()) {
            throw new MalformedDataException(
                    npy, "has %d rows for %d samples".formatted(features.rows.size(), samples.size()));
        }
        for (var id : samples) {
            if (!features.rows.containsKey(id)) {
                throw new MalformedDataException(npy, "has no row for sample " + id);
            }
        }
        return features;
    }

    /**
     * Rows of a file without a sidecar, by the place that each sample names.
     *
     * @param places of each sample's row, from 0
     * @throws MalformedDataException if shape or type do not fit, or there are other rows than the samples name
     */
    public static FeatureRows read(Path npy, int width, Map<String, Integer> places) throws IOException {
        var file = open(npy);
        requireShape(npy, file, width);
        if (new HashSet<>(places.values()).size() != file.rows()) {
            throw new MalformedDataException(
                    npy,
                    "has %d rows, but the samples' feature_index names %d"
                            .formatted(file.rows(), new HashSet<>(places.values()).size()));
        }
        var rows = new HashMap<String, float[]>();
        for (var place : places.entrySet()) {
            if (place.getValue() < 0 || place.getValue() >= file.rows()) {
                throw new MalformedDataException(
                        npy,
                        "has %d rows, and no row %d for sample %s"
                                .formatted(file.rows(), place.getValue(), place.getKey()));
            }
            var row = file.row(place.getValue());
            requireFinite(npy, place.getValue(), row);
            rows.put(place.getKey(), row);
        }
        return new FeatureRows(rows, width, Optional.empty());
    }

    /**
     * These rows, unless the sidecar gives samples another place than they themselves do.
     *
     * @param places of some samples' rows, from 0
     * @param npy named in errors
     */
    public FeatureRows requirePlaces(Map<String, Integer> places, Path npy) throws MalformedDataException {
        var ids = sidecar.map(FeatureSidecar::ids).orElse(List.of());
        for (var place : places.entrySet()) {
            int n = place.getValue();
            if (n < 0 || n >= ids.size() || !ids.get(n).equals(place.getKey())) {
                throw new MalformedDataException(
                        npy,
                        "sample %s has feature_index %d, but row %d is another's by the sidecar"
                                .formatted(place.getKey(), n, n));
            }
        }
        return this;
    }

    /**
     * One row by its place in the file, for which no sidecar is needed.
     *
     * @param n from 0; without it, the only row there is
     * @throws IllegalArgumentException if there is no such row, or no number and several rows
     */
    public static float[] row(Path npy, int width, Optional<Integer> n) throws IOException {
        var file = open(npy);
        requireShape(npy, file, width);
        if (n.isEmpty() && file.rows() != 1) {
            throw new IllegalArgumentException("%s has %d rows: say which".formatted(npy, file.rows()));
        }
        int chosen = n.orElse(0);
        if (chosen < 0 || chosen >= file.rows()) {
            throw new IllegalArgumentException("%s has %d rows, and no row %d".formatted(npy, file.rows(), chosen));
        }
        var row = file.row(chosen);
        requireFinite(npy, chosen, row);
        return row;
    }

    /** Rows made in memory, such as for one night that is staged. */
    public static FeatureRows of(List<String> ids, float[][] rows) {
        if (ids.size() != rows.length || new HashSet<>(ids).size() != rows.length || rows.length == 0) {
            throw new IllegalArgumentException(
                    "%d ids, %d rows: give each row one id of its own".formatted(ids.size(), rows.length));
        }
        var byId = new HashMap<String, float[]>();
        for (int n = 0; n < rows.length; n++) {
            byId.put(ids.get(n), rows[n]);
        }
        return new FeatureRows(byId, rows[0].length, Optional.empty());
    }

    /**
     * The rows as a mode wants them: all zeros for {@link FeatureMode#ZERO}; for {@link FeatureMode#SHUFFLE} each id
     * with another's row, the same for the same seed whatever the order in the file; else as they are.
     */
    public FeatureRows as(FeatureMode mode, long seed) {
        return switch (mode) {
            case ZERO -> zeros();
            case SHUFFLE -> shuffled(seed);
            default -> this;
        };
    }

    /**
     * The rows of these samples alone, so that a shuffle deals no other's.
     *
     * @throws IllegalArgumentException if a sample has none
     */
    public FeatureRows only(Set<String> samples) {
        var kept = new HashMap<String, float[]>();
        samples.forEach(id -> kept.put(id, row(id)));
        return new FeatureRows(kept, width, sidecar.map(all -> all.only(samples)));
    }

    public boolean has(String id) {
        return rows.containsKey(id);
    }

    /** @throws IllegalArgumentException if there is no row for this sample */
    public float[] row(String id) {
        var row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("no feature row for sample " + id);
        }
        return row;
    }

    public int size() {
        return rows.size();
    }

    public int width() {
        return width;
    }

    /** What is known of the encoder; nothing where the rows were made in memory. */
    public Optional<FeatureSidecar> sidecar() {
        return sidecar;
    }

    private FeatureRows zeros() {
        var zero = new float[width];
        var zeros = new HashMap<String, float[]>();
        rows.keySet().forEach(id -> zeros.put(id, zero));
        return new FeatureRows(zeros, width, sidecar);
    }

    /** Sattolo's algorithm: one cycle through all ids, so that no id keeps its own row. */
    private FeatureRows shuffled(long seed) {
        if (rows.size() < 2) {
            throw new IllegalArgumentException("one row alone cannot be shuffled");
        }
        var ids = rows.keySet().stream().sorted().toList();
        var from = ids.toArray(String[]::new);
        var random = new SplittableRandom(seed);
        for (int i = from.length - 1; i > 0; i--) {
            int j = random.nextInt(i);
            var swapped = from[i];
            from[i] = from[j];
            from[j] = swapped;
        }
        var shuffled = new HashMap<String, float[]>();
        for (int i = 0; i < from.length; i++) {
            shuffled.put(ids.get(i), row(from[i]));
        }
        return new FeatureRows(shuffled, width, sidecar);
    }

    private static NpyFile open(Path npy) throws IOException {
        if (!Files.exists(npy)) {
            throw new IllegalArgumentException(npy + " does not exist: export the features first");
        }
        try {
            return NpyFile.open(npy);
        } catch (MalformedTensorException e) {
            throw new MalformedDataException(npy, "not a readable feature file: " + e.getMessage());
        }
    }

    private static void requireShape(Path npy, NpyFile file, int width) throws IOException {
        var shape = file.shape();
        if (shape.length != 3 || shape[1] != 1 || shape[2] != width) {
            throw new MalformedDataException(
                    npy, "has shape %s; features are [N, 1, %d]".formatted(Arrays.toString(shape), width));
        }
    }

    private static void requireFinite(Path npy, int n, float[] row) throws IOException {
        for (int i = 0; i < row.length; i++) {
            if (!Float.isFinite(row[i])) {
                throw new MalformedDataException(npy, "row %d, column %d".formatted(n, i), "is " + row[i]);
            }
        }
    }
}
