package org.eegvlm.finetune.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Inside;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PictureFile;

/**
 * What the frozen tower makes of the pictures of a run.
 *
 * <p>Where the model has a cache, each picture is decoded and goes through the tower once at most, in this run or an
 * earlier one; else both happen whenever it is asked for.
 */
public final class TrainingPictures implements Backpropagation.Pictures {

    private final LlavaModel model;
    private final Path folder;

    /** Those that were seen. A file that was changed since an earlier run is another picture. */
    private final Map<String, PictureFile> files = new HashMap<>();

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
            file(pictures.get(i)).decoded();
            progress.at("reading pictures", i + 1, pictures.size(), "");
        }
    }

    /** The same, and that they lie in the cache. */
    public void encode(List<String> pictures, Progress progress) throws IOException {
        for (int i = 0; i < pictures.size(); i++) {
            var file = file(pictures.get(i));
            if (!model.knowsPatches(file)) {
                model.patches(file);
            }
            progress.at("encoding pictures", i + 1, pictures.size(), "");
        }
    }

    @Override
    public float[] patches(String picture) throws IOException {
        return model.patches(file(picture));
    }

    private PictureFile file(String picture) throws IOException {
        var file = files.get(picture);
        if (file == null) {
            file = PictureFile.at(Inside.resolve(folder, picture));
            files.put(picture, file);
        }
        return file;
    }
}
