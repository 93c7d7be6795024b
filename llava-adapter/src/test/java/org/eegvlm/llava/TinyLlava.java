package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;

/** A LLaVA of some ten thousand random numbers, and what it is asked. */
public final class TinyLlava {

    public static final NanoConfig.Decoder DECODER = new NanoConfig.Decoder(32, 2, 2, 48, 256);
    public static final NanoConfig.Tower TOWER = new NanoConfig.Tower(32, 2, 4, 32, 28, 14);

    static final String QUESTION = "Which sleep stage does this EEG epoch show, and why?";
    static final AnswerOptions FUSE = new AnswerOptions(Conversation.V1, FeatureMode.FUSE, 6);

    private TinyLlava() {}

    /** Writes the model; gives the folder. */
    public static Path in(Path folder) throws IOException {
        NanoLlava.create(new NanoConfig(folder, 5, DECODER, TOWER, false));
        return folder;
    }

    static LlavaModel open(Path model) throws IOException {
        return LlavaModel.open(model, Optional.empty(), LoadOptions.on("cpu"));
    }

    /** About two pictures and a row, which the seed decides. */
    static VqaRequest request(String id, int seed) {
        return new VqaRequest(id, List.of(picture(seed), picture(seed)), Optional.of(row(seed)), QUESTION);
    }

    /** About no picture. */
    static VqaRequest request(String id, String question) {
        return new VqaRequest(id, List.of(), Optional.empty(), question);
    }

    /** Noise. */
    static RgbImage picture(int seed) {
        var rgb = new byte[40 * 28 * 3];
        new SplittableRandom(seed).nextBytes(rgb);
        return new RgbImage(40, 28, rgb);
    }

    static float[] row(int seed) {
        var random = new SplittableRandom(seed);
        var row = new float[TOWER.width()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    /** A copy to be spoilt. */
    static Path copy(Path model, Path other) throws IOException {
        try (var walk = Files.walk(model)) {
            for (var path : walk.toList()) {
                Files.copy(path, other.resolve(model.relativize(path).toString()));
            }
        }
        return other;
    }
}
