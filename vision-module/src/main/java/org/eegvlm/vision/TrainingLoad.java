package org.eegvlm.vision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.core.io.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At which load a training runs: the one that it began with, else a whole step's pictures at once if memory holds them. */
record TrainingLoad(VisionConfig config, VisionEngine engine, NetworkConfig network) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingLoad.class);

    /** Fewer would tell a batch norm too little of the rest. */
    private static final int FEWEST_NORMED = 4;

    /**
     * Of a model in a folder, finished or not, if it comes of this training.
     *
     * @param wanted this training's card
     */
    Optional<Load> saved(VisionCard wanted, Path folder) throws IOException {
        var file = folder.resolve(VisionCard.FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var card = Json.read(file, VisionCard.class);
        return card.withoutLoad().equals(wanted.withoutLoad())
                ? card.load().filter(config.execution()::allows)
                : Optional.empty();
    }

    /** @throws IllegalArgumentException if the memory at hand does not hold what was asked for, or was begun with */
    Load choose(Optional<Load> begun) {
        int threads = engine.usualThreads(); // its library takes memory, too
        return choose(begun, threads, engine.memoryAtHand(config.execution().device()));
    }

    Load choose(Optional<Load> begun, int threads, Optional<MemoryAtHand> atHand) {
        var asked = begun.map(config.execution()::with).orElse(config.execution());
        int batch = config.schedule().batch();
        boolean normed = engine.normsOverPictures(network);
        var load = LoadFit.of(asked, engine.trainingNeed(network), atHand, normed ? FEWEST_NORMED : 1)
                .choose(new Load(batch, threads));
        if (load.atOnce() < batch) {
            LOG.info(
                    "{} of {} pictures of a step go through the network at once{}",
                    load.atOnce(),
                    batch,
                    normed ? "; batch norm takes its statistics of these" : "");
        }
        return load;
    }
}
