package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * Writes a trained vision module as ONNX, beside its weights, for ONNX Runtime and for other programs. The file is kept
 * only if both engines make the same of some random pictures.
 */
public final class OnnxExport {

    /** The model's name in its folder. */
    public static final String FILE = "model.onnx";

    /** What the file's metadata name its weights by. */
    static final String WEIGHTS_SHA256 = "weights_sha256";

    /** How far the engines may differ, as a share of the largest number. */
    private static final double TOLERANCE = 1e-4;

    private static final int TRIED = 4;

    private OnnxExport() {}

    /**
     * @param folder that training has written
     * @param network as the card in it tells
     * @return the greatest difference between the engines, as a share of the largest number
     * @throws OutputExistsException if there is a file that may not be replaced
     * @throws IllegalArgumentException if the backbone cannot be exported
     * @throws IllegalStateException if ONNX Runtime makes something else of the pictures: a bug
     */
    public static double run(Path folder, NetworkConfig network, boolean overwrite) throws IOException {
        var weights = folder.resolve(VisionEngine.WEIGHTS);
        var file = folder.resolve(FILE);
        if (Files.exists(file) && !overwrite) {
            throw new OutputExistsException(file);
        }
        var metadata = Map.of(WEIGHTS_SHA256, Sha256.of(weights));
        var model = OnnxModel.of(network, SafetensorsFile.open(weights), metadata);
        var tried = folder.resolve(FILE + ".tried");
        try {
            write(model, tried);
            double difference = difference(folder, tried, network);
            if (!(difference <= TOLERANCE)) {
                throw new IllegalStateException("ONNX Runtime differs by %.1e from %s on %s"
                        .formatted(difference, VisionEngine.DEFAULT, weights));
            }
            var output = Output.begin(file, overwrite);
            Files.move(tried, output.partial(), StandardCopyOption.REPLACE_EXISTING);
            output.finish();
            return difference;
        } finally {
            Files.deleteIfExists(tried);
        }
    }

    private static void write(ProtoMessage model, Path file) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            model.writeTo(channel);
        }
    }

    private static double difference(Path folder, Path exported, NetworkConfig network) throws IOException {
        var pictures = randomPictures(Picture.DEFAULT.withSize(network.inputSize()));
        try (var ours = VisionEngine.named(VisionEngine.DEFAULT).open(folder, network, "cpu");
                var theirs = new OnnxNetwork(
                        exported, network, "cpu", Runtime.getRuntime().availableProcessors())) {
            return difference(ours.apply(pictures), theirs.apply(pictures));
        }
    }

    private static double difference(StageEncoder.Output ours, StageEncoder.Output theirs) {
        return Math.max(difference(ours.features(), theirs.features()), difference(ours.logits(), theirs.logits()));
    }

    private static double difference(float[] ours, float[] theirs) {
        double greatest = 0;
        double largest = 0;
        for (int i = 0; i < ours.length; i++) {
            greatest = Math.max(greatest, Math.abs(ours[i] - theirs[i]));
            largest = Math.max(largest, Math.abs(ours[i]));
        }
        return greatest / largest;
    }

    private static PictureBatch randomPictures(Picture picture) {
        var levels = new byte[TRIED * Picture.COLOURS * picture.size() * picture.size()];
        new SplittableRandom(0).nextBytes(levels);
        return new PictureBatch(levels, TRIED, Picture.COLOURS, picture);
    }
}
