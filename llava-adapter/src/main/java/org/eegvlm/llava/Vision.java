package org.eegvlm.llava;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.kernels.KernelSource;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.MatrixProducts;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.tensor.TensorData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes a LLaVA of a Llama: the tower, the projector, and the splice. Owns them until it is closed. */
final class Vision implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Vision.class);

    /** How many pictures go through the tower at once; bounds memory. */
    private static final int TOWER_BATCH = 16;

    private final LlavaConfig config;
    private final DataType type;
    private final Kernels kernels;
    private final ImageProcessor imageProcessor;
    private final ClipTower tower;
    private final Projector projector;
    private final Splicer splicer;
    private Optional<Memory> memory = Optional.empty();

    private Vision(
            LlavaConfig config,
            DataType type,
            ImageProcessor imageProcessor,
            ClipTower tower,
            Projector projector,
            Kernels kernels) {
        this.config = config;
        this.type = type;
        this.kernels = kernels;
        this.imageProcessor = imageProcessor;
        this.tower = tower;
        this.projector = projector;
        this.splicer = new Splicer(kernels, projector);
    }

    static Kernels kernels(Device device) {
        return Kernels.load(device, MatrixProducts.SOURCE, new KernelSource(LlavaModel.class, "llava.kernels.py"));
    }

    static Vision load(LlavaConfig config, ModelFolder folder, LoadOptions options) throws IOException {
        var kernels = kernels(options.device());
        var loaded = new ArrayList<AutoCloseable>(List.of(kernels));
        try {
            var source = VisionSource.find(
                    config, folder.base(), folder.model(), folder.base().folder());

            var tower = ClipTower.load(kernels, source, config.selectLayer(), options.type());
            loaded.add(tower);
            requireFits(tower, config, folder);
            var projector = Projector.load(
                    kernels, folder, tower.width(), config.llama().hiddenSize(), options.type());
            loaded.add(projector);
            var imageProcessor =
                    ImageProcessor.in(source.checkpoint().folder(), tower.imageSize(), config.padToSquare());
            return new Vision(config, options.type(), imageProcessor, tower, projector, kernels);
        } catch (IOException | RuntimeException e) {
            closeAll(loaded);
            throw e;
        }
    }

    LlavaConfig config() {
        return config;
    }

    ClipTower tower() {
        return tower;
    }

    Projector projector() {
        return projector;
    }

    Splicer splicer() {
        return splicer;
    }

    /** [N, P, W] of N pictures. */
    NDArray features(List<? extends PictureSource> pictures) {
        if (pictures.isEmpty()) {
            return empty(0, tower.patches(), tower.width());
        }
        try {
            return memory.isPresent() ? features(known(pictures)) : encoded(pictures);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // questions are asked in many places, few of them about files
        }
    }

    private float[][] known(List<? extends PictureSource> pictures) throws IOException {
        var patches = new float[pictures.size()][];
        for (int i = 0; i < patches.length; i++) {
            patches[i] = patches(pictures.get(i));
        }
        return patches;
    }

    private NDArray encoded(List<? extends PictureSource> pictures) throws IOException {
        var parts = new ArrayList<NDArray>();
        for (int from = 0; from < pictures.size(); from += TOWER_BATCH) {
            parts.add(batch(pictures.subList(from, Math.min(pictures.size(), from + TOWER_BATCH))));
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        var joined = kernels.tensor("joined", parts);
        parts.forEach(NDArray::close);
        return joined;
    }

    /** From now on, features are looked up in the cache first, and put there. */
    void remember(TowerCache cache) {
        if (type == DataType.FLOAT64) {
            LOG.info("the tower cache holds 32 bits at most: in fp64 pictures are not remembered");
            return;
        }
        var way = MatrixProducts.widens(type, kernels.device()) ? " widened" : "";
        var words =
                "%s %s %s%s".formatted(imageProcessor, type, kernels.device().getDeviceType(), way);
        var sha256 = Sha256.of((words + " " + tower.sha256()).getBytes(StandardCharsets.UTF_8));
        memory = Optional.of(new Memory(cache, sha256));
    }

    /** Whether the cache has a picture. */
    boolean knows(PictureSource picture) throws IOException {
        return memory.isPresent() && memory.get().has(picture.sha256());
    }

    /** One picture's features, [P, W], flat: a picture that goes alone never depends on its neighbours' number. */
    float[] patches(PictureSource picture) throws IOException {
        if (memory.isEmpty()) {
            return alone(picture);
        }
        var known = memory.get().find(picture.sha256());
        if (known.isPresent()) {
            return known.get();
        }
        var decoded = picture.decoded(); // of which the file may have changed since it was hashed
        var patches = alone(decoded);
        memory.get().keep(decoded.sha256(), TensorData.of(stored(), patches, tower.patches(), tower.width()));
        return patches;
    }

    private float[] alone(PictureSource picture) throws IOException {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return Tensors.floats(tower.features(pixels(List.of(picture))));
        }
    }

    private String stored() {
        return type == DataType.BFLOAT16 ? "BF16" : type == DataType.FLOAT16 ? "F16" : "F32";
    }

    /** Tower features that were kept elsewhere, [N, P, W]. */
    NDArray features(float[][] pictures) {
        return tensor(pictures, pictures.length, tower.patches(), tower.width());
    }

    /** Feature rows, [S, W]. */
    NDArray rows(List<float[]> rows) {
        return tensor(rows.toArray(float[][]::new), rows.size(), tower.width());
    }

    @Override
    public void close() {
        projector.close();
        tower.close();
        kernels.close();
    }

    /** Of what the tower makes on its way, only the result stays, in the scope of the caller. */
    private NDArray batch(List<? extends PictureSource> pictures) throws IOException {
        NDArray features;
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            features = tower.features(pixels(pictures));
            NDScope.unregister(features);
        }
        NDScope.register(features);
        return features;
    }

    private NDArray pixels(List<? extends PictureSource> pictures) throws IOException {
        int size = tower.imageSize();
        var pixels = new float[pictures.size()][];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = imageProcessor.pixels(pictures.get(i).decoded());
        }
        return tensor(pixels, pictures.size(), 3, size, size);
    }

    private NDArray tensor(float[][] rows, long... shape) {
        if (rows.length == 0) {
            return empty(shape);
        }
        int length = Math.toIntExact(new Shape(shape).size() / rows.length);
        var flat = new float[rows.length * length];
        for (int n = 0; n < rows.length; n++) {
            if (rows[n].length != length) {
                throw new IllegalArgumentException(
                        "row %d has %d values; the model takes %d".formatted(n, rows[n].length, length));
            }
            System.arraycopy(rows[n], 0, flat, n * length, length);
        }
        var tensor = kernels.manager().create(flat, new Shape(shape));
        return type == DataType.FLOAT32 ? tensor : Tensors.cast(tensor, type);
    }

    private NDArray empty(long... shape) {
        return Tensors.cast(
                kernels.tensor("empty", shape, projector.parameters().get(0)), type);
    }

    /** A cache, and the name under which this tower is known there. */
    private record Memory(TowerCache cache, String tower) {

        boolean has(String picture) throws IOException {
            return cache.has(tower, picture);
        }

        Optional<float[]> find(String picture) throws IOException {
            return cache.find(tower, picture);
        }

        void keep(String picture, TensorData patches) throws IOException {
            cache.keep(tower, picture, patches);
        }
    }

    private static void requireFits(ClipTower tower, LlavaConfig config, ModelFolder folder) throws IOException {
        if (tower.width() != config.visionWidth()) {
            throw new MalformedDataException(
                    folder.base().configFile(),
                    "field 'mm_hidden_size'",
                    "is %d, but the tower is %d wide".formatted(config.visionWidth(), tower.width()));
        }
    }

    private static void closeAll(List<AutoCloseable> parts) {
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
