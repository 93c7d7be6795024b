package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.manifest.StreamedManifest;
import org.eegvlm.tensor.NpyFile;

/**
 * Feature files as a map: each row a dot in the colour of its stage, on the plane in which the rows of all files together
 * differ most. One panel a file, all to the same scale, so that what differs between files is seen too.
 */
public final class FeatureMap {

    /** More dots than this only cover each other; they are taken at equal distances. */
    private static final int MOST_DOTS = 4000;

    private FeatureMap() {}

    /** One file's rows. */
    record Panel(String title, List<SleepStage> stages, float[][] rows) {}

    private record Scored(int row, SleepStage stage) {}

    /**
     * @param manifest tells each row's stage; rows that nobody scored are left out
     * @param features {@code .npy} files with their sidecars
     * @param output the SVG file
     * @return how many rows are drawn
     * @throws org.eegvlm.core.io.OutputExistsException if it is there and may not be replaced
     * @throws IllegalArgumentException if there are not two scored rows, or the files' rows are not of one width
     * @throws MalformedDataException if a row's id is not in the manifest, or a number is not finite
     */
    public static int draw(Path manifest, List<Path> features, Path output, boolean overwrite) throws IOException {
        require(!features.isEmpty(), "name at least one feature file");
        var stages = stages(manifest);
        requireOneWidth(features);
        var panels = new ArrayList<Panel>();
        for (var file : features) {
            panels.add(panel(file, stages, MOST_DOTS / features.size()));
        }
        var all =
                panels.stream().flatMap(panel -> List.of(panel.rows()).stream()).toArray(float[][]::new);
        require(all.length > 1, "a map needs at least two scored rows");
        var svg = new FeatureChart(panels, PrincipalPlane.of(all)).svg();
        var target = Output.begin(output, overwrite);
        Output.writeAtomically(target.target(), svg.getBytes(StandardCharsets.UTF_8));
        return all.length;
    }

    /**
     * The files that {@link FeatureExport} has written beside a manifest; a split without epochs has none.
     *
     * @throws IllegalArgumentException if there is none at all
     */
    public static List<Path> filesBeside(Path manifest) {
        var files = Stream.of(FeatureExport.TRAIN_FEATURES, FeatureExport.EVAL_FEATURES)
                .map(manifest::resolveSibling)
                .filter(Files::exists)
                .toList();
        require(!files.isEmpty(), "no features lie beside %s; write them with export-features", manifest);
        return files;
    }

    private static Map<String, Optional<SleepStage>> stages(Path manifest) throws IOException {
        var stages = new HashMap<String, Optional<SleepStage>>();
        StreamedManifest.open(manifest, (epoch, place) -> stages.put(epoch.id(), epoch.stage()));
        return stages;
    }

    private static void requireOneWidth(List<Path> features) throws IOException {
        var first = features.get(0);
        long width = NpyFile.open(first).rowLength();
        for (var file : features) {
            long own = NpyFile.open(file).rowLength();
            require(own == width, "rows of %s have %d numbers, those of %s have %d", file, own, first, width);
        }
    }

    private static Panel panel(Path file, Map<String, Optional<SleepStage>> stages, int most) throws IOException {
        var ids = Json.read(FeatureSidecar.beside(file), FeatureSidecar.class).ids();
        var npy = NpyFile.open(file);
        if (ids.size() != npy.rows()) {
            throw new MalformedDataException(
                    file, "has %d rows, but its sidecar lists %d ids".formatted(npy.rows(), ids.size()));
        }
        var scored = new ArrayList<Scored>();
        for (int n = 0; n < ids.size(); n++) {
            int row = n;
            var stage = stages.get(ids.get(n));
            if (stage == null) {
                throw new MalformedDataException(
                        file, "row " + n, "is of %s, which the manifest lacks".formatted(ids.get(n)));
            }
            stage.ifPresent(given -> scored.add(new Scored(row, given)));
        }
        int count = Math.min(most, scored.size());
        var kept = new ArrayList<SleepStage>();
        var rows = new float[count][];
        for (int i = 0; i < count; i++) {
            var chosen = scored.get((int) ((long) i * scored.size() / count));
            rows[i] = finiteRow(npy, chosen.row());
            kept.add(chosen.stage());
        }
        return new Panel(title(file), kept, rows);
    }

    private static float[] finiteRow(NpyFile npy, int row) throws IOException {
        var values = npy.row(row);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new MalformedDataException(
                        npy.path(), "row " + row, "holds %s; export the features again".formatted(value));
            }
        }
        return values;
    }

    /** With its folder: both files of an export have the same names in every folder. */
    private static String title(Path file) {
        int names = file.getNameCount();
        return file.subpath(Math.max(0, names - 2), names).toString();
    }
}
