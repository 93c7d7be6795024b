package org.eegvlm.llava.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.checkpoint.ModelFolders;
import org.eegvlm.checkpoint.TensorPlan;
import org.eegvlm.core.Progress;
import org.eegvlm.llava.LlavaConfig;
import org.eegvlm.llava.VisionSource;

/**
 * Writes any checkpoint that is read here as safetensors, in the original LLaVA-1.5 layout or in that of transformers.
 *
 * <p>transformers has {@code <image>} and {@code <pad>} in the vocabulary, and rows up to a multiple of 64: they are
 * added on the way there, as copies of the mean row, and cut off on the way back. Where every tensor keeps its type,
 * there and back is the same to the bit.
 */
public final class ModelConversion {

    private final ConversionConfig config;
    private final Progress progress;

    public ModelConversion(ConversionConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Writes the folder, whole or not at all.
     *
     * @return how many bytes its weights take
     * @throws IllegalArgumentException if the model is none, or a LoRA folder; or if the output exists, would replace the
     *     model, or does not fit its disk
     * @throws org.eegvlm.core.MalformedDataException naming a field or tensor that no layout has a place for
     */
    public long run() throws IOException {
        var source = ModelFolders.resolve(config.model().toString());
        if (ModelFolder.isAdapter(source)) {
            throw new IllegalArgumentException(
                    source + " is a LoRA folder: make it a whole model first, with eegvlm merge");
        }
        var folder = ModelFolder.open(source, Optional.empty());
        var llava = LlavaConfig.of(folder);
        var draft = new LlavaDraft(folder.base(), config.type());
        if (llava.isEmpty()) {
            return write(draft.text(TensorPlan::copy), List.of(source));
        }
        var tower = VisionSource.find(llava.get(), folder.base(), source);
        return write(
                switch (config.layout()) {
                    case ORIGINAL -> draft.original(llava.get(), tower, TensorPlan::copy);
                    case HF -> draft.hf(llava.get(), tower);
                },
                List.of(source, tower.checkpoint().folder()));
    }

    private long write(ModelDraft draft, List<Path> inputs) throws IOException {
        return draft.write(config.output(), config.overwrite(), config.shardSize(), inputs, progress);
    }
}
