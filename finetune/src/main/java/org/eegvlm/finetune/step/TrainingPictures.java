package org.eegvlm.finetune.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.RgbImage;

/**
 * What the frozen tower makes of the pictures of a run.
 *
 * <p>Where the model has a cache, each picture is decoded and goes through the tower once at most, in this run or an
 * earlier one; else both happen whenever it is asked for.
 */
public final class TrainingPictures implements Backpropagation.Pictures {

    private final LlavaModel model;
    private final Path folder;

    /** SHA-256 of the files that were seen. */
    private final Map<String, String> known = new HashMap<>();

    /** @param folder that the names of pictures start from */
    public TrainingPictures(LlavaModel model, Path folder) {
        this.model = model;
        this.folder = folder;
    }

    /**
     * Makes sure that all pictures can be decoded.
     *
     * @throws org.eegvlm.core.MalformedDataException naming one that cannot
     */
    public void requireReadable(List<String> pictures, Progress progress) throws IOException {
        for (int i = 0; i < pictures.size(); i++) {
            RgbImage.read(file(pictures.get(i)));
            progress.at("reading pictures", i + 1, pictures.size(), "");
        }
    }

    /** The same, and that they lie in the cache. */
    public void encode(List<String> pictures, Progress progress) throws IOException {
        for (int i = 0; i < pictures.size(); i++) {
            var file = file(pictures.get(i));
            if (!model.knowsPatches(sha256(pictures.get(i), file))) {
                model.patches(RgbImage.read(file));
            }
            progress.at("encoding pictures", i + 1, pictures.size(), "");
        }
    }

    @Override
    public float[] patches(String picture) throws IOException {
        var file = file(picture);
        var kept = model.knownPatches(sha256(picture, file));
        return kept.isPresent() ? kept.get() : model.patches(RgbImage.read(file));
    }

    private Path file(String picture) throws IOException {
        return Inside.resolve(folder, picture);
    }

    /** A picture that was changed since an earlier run is another one: nothing but its content tells so for sure. */
    private String sha256(String picture, Path file) throws IOException {
        var sha256 = known.get(picture);
        if (sha256 == null) {
            sha256 = Sha256.of(file);
            known.put(picture, sha256);
        }
        return sha256;
    }
}
