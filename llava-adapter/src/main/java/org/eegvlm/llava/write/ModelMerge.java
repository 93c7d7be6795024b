package org.eegvlm.llava.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.checkpoint.TensorPlan;
import org.eegvlm.core.Progress;
import org.eegvlm.llama.LlamaConfig;
import org.eegvlm.llama.LoraUpdates;
import org.eegvlm.llava.LlavaConfig;
import org.eegvlm.llava.Projector;
import org.eegvlm.llava.VisionSource;

/**
 * Adds a LoRA adapter to the weights of its base: a model that needs neither, in the original LLaVA-1.5 layout.
 *
 * <p>Each adapted weight becomes {@code W + scaling · B · A}, computed in float32 and rounded once; the projector that
 * was trained beside the adapter takes the place of the base's. Weights come and go in parts of some rows.
 */
public final class ModelMerge {

    private final MergeConfig config;
    private final Progress progress;

    public ModelMerge(MergeConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Writes the folder, whole or not at all.
     *
     * @return how many bytes its weights take
     * @throws IllegalArgumentException if the model is no LoRA folder, or its base is missing; or if the output exists,
     *     would replace one of the two, or does not fit its disk
     * @throws org.eegvlm.core.MalformedDataException if adapter and base do not go together, or the base is quantised
     */
    public long run() throws IOException {
        var folder = ModelFolder.open(config.model(), config.modelBase());
        var adapter = folder.adapter()
                .orElseThrow(() -> new IllegalArgumentException(
                        config.model() + " has no adapter_config.json: there is nothing to merge"));
        var base = folder.base();
        var draft = new LlavaDraft(base, config.type());
        var llava = LlavaConfig.of(folder);
        var llama = LlamaConfig.read(base.config(), base.configFile());
        try (var updates = LoraUpdates.open(adapter, llama)) {
            if (llava.isEmpty()) {
                return write(draft.text(updates::take), folder, folder.base().folder());
            }
            var tower = VisionSource.find(llava.get(), base, folder.model(), base.folder());
            var taking = Projector.isTuned(folder)
                    ? new Tuned(adapter, llava.get(), updates)
                    : (LlavaDraft.Taking) updates::take;
            return write(
                    draft.original(llava.get(), tower, taking),
                    folder,
                    tower.checkpoint().folder());
        }
    }

    /** @param tower where the vision tower is read */
    private long write(ModelDraft draft, ModelFolder folder, Path tower) throws IOException {
        var inputs = List.of(folder.model(), folder.base().folder(), tower);
        return draft.write(config.output(), config.overwrite(), config.shardSize(), inputs, progress);
    }

    /** A decoder with its updates, and the projector that was trained with them. */
    private record Tuned(Path adapter, LlavaConfig config, LoraUpdates updates) implements LlavaDraft.Taking {

        @Override
        public void take(TensorPlan plan, String name) throws IOException {
            if (!name.startsWith(KeyLayout.PROJECTOR)) {
                updates.take(plan, name);
            }
        }

        @Override
        public void takeOthers(TensorPlan plan) throws IOException {
            var type = plan.type(LlavaDraft.EMBEDDINGS);
            int hidden = config.llama().hiddenSize();
            Projector.tensors(adapter, config.visionWidth(), hidden, type).forEach(plan::put);
        }
    }
}
