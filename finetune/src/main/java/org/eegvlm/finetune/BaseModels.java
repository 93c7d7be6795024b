package org.eegvlm.finetune;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.ModelOutline;
import org.eegvlm.llava.TowerCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The base, as often as there are replicas of it. Owns them. */
final class BaseModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BaseModels.class);

    private final List<LlavaModel> models;

    private BaseModels(List<LlavaModel> models) {
        this.models = models;
    }

    /**
     * @throws IllegalArgumentException if a device has too little free memory for any layer
     * @throws MemoryShortage if the base does not fit into memory
     */
    static BaseModels open(FineTuneConfig config) throws IOException {
        var opened = new BaseModels(new ArrayList<>());
        try {
            for (var options : loads(config)) {
                var model = LlavaModel.open(config.paths().model(), Optional.empty(), options);
                opened.models.add(model);
                requireWork(model, options.devices().size());
            }
            tellWhoWaits(
                    opened.first().decoder().stages().size(), config.batch().accumulation());
            return opened;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            opened.close();
            var shortage = MemoryShortage.opening(e, config);
            if (shortage.isPresent()) {
                throw shortage.get();
            }
            throw e;
        }
    }

    /**
     * What can be known before a large model is read.
     *
     * @throws IllegalArgumentException if there are more devices than layers to spread
     */
    static void requireLayers(FineTuneConfig config, ModelOutline outline) {
        int layers = outline.llama().layers();
        for (var devices : config.execution().replicas()) {
            require(
                    devices.size() <= layers,
                    "of %d devices %d get none of the %d layers; name fewer devices",
                    devices.size(),
                    devices.size() - layers,
                    layers);
        }
    }

    /** The one that is asked where any would do. */
    LlavaModel first() {
        return models.get(0);
    }

    List<LlavaModel> all() {
        return List.copyOf(models);
    }

    void remember(TowerCache cache) {
        models.forEach(model -> model.remember(cache));
    }

    @Override
    public void close() {
        models.forEach(LlavaModel::close);
    }

    private static List<LoadOptions> loads(FineTuneConfig config) {
        var precision = config.precision();
        return config.execution().replicas().stream()
                .map(devices -> new LoadOptions(devices, precision.type(), precision.fourBit()))
                .toList();
    }

    private static void tellWhoWaits(int stages, int batches) {
        if (batches < stages) {
            LOG.warn(
                    "with {} batches a step {} of {} devices always wait; raise --gradient_accumulation_steps and lower --per_device_train_batch_size",
                    batches,
                    stages - batches,
                    stages);
        }
    }

    private static void requireWork(LlavaModel model, int devices) {
        int stages = model.decoder().stages().size();
        require(
                stages == devices,
                "of %d devices %d get none of the %d layers, having too little free memory; name fewer devices",
                devices,
                devices - stages,
                model.decoder().layers());
    }
}
