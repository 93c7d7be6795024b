package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.render.RenderSpec;

/**
 * What a trained vision module is: {@code config.json} in its folder.
 *
 * @param network which network, and how large
 * @param picture what it takes
 * @param renderSpec how the pictures that it knows are drawn
 * @param renderSpecSha256 names that way of drawing
 * @param manifestSha256 of the manifest it was trained with
 * @param trainedOnSubjects whose epochs moved its weights, or those that it started from
 * @param validationSubjects whose epochs chose the best pass, or that of the weights it started from
 * @param simulated whether any of its nights was simulated
 * @param weightsSha256 of the file that its backbone started from
 * @param load at which it was trained; of older models nobody knows it
 */
public record VisionCard(
        NetworkConfig network,
        Picture picture,
        Schedule schedule,
        long seed,
        RenderSpec renderSpec,
        String renderSpecSha256,
        String manifestSha256,
        List<String> trainedOnSubjects,
        List<String> validationSubjects,
        boolean simulated,
        Optional<String> weightsSha256,
        Optional<Load> load) {

    static final String FILE = "config.json";

    public VisionCard {
        require(
                network != null && network.inputSize() == picture.size(),
                "the network does not fit its pictures of %d pixels; train it again".formatted(picture.size()));
        trainedOnSubjects = List.copyOf(trainedOnSubjects);
        validationSubjects = List.copyOf(validationSubjects);
    }

    /** Whether it is of the same training, whatever the load of either. */
    boolean isLike(VisionCard other) {
        return withLoad(other.load).equals(other);
    }

    VisionCard withLoad(Optional<Load> other) {
        return new VisionCard(
                network,
                picture,
                schedule,
                seed,
                renderSpec,
                renderSpecSha256,
                manifestSha256,
                trainedOnSubjects,
                validationSubjects,
                simulated,
                weightsSha256,
                other);
    }

    /** Reads the card of a model folder. */
    public static VisionCard in(Path model) throws IOException {
        return Json.read(model.resolve(FILE), VisionCard.class);
    }

    /** Whom it must not be judged on: those who moved its weights, and those who chose among them. */
    public List<String> seenSubjects() {
        return SeenSubjects.of(this).all();
    }
}
