package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.VisionEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At which load a training runs: the one that it began with, else a whole step's pictures at once if memory holds them.
 *
 * @param step pictures of the largest step
 */
record TrainingLoad(VisionConfig config, VisionEngine engine, NetworkConfig network, int step) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingLoad.class);

    /** Parts are of nearly equal size: of a step that is cut at 7, each has 4 or more, for batch norm to know the rest by. */
    private static final int FEWEST_NORMED = 7;

    /**
     * What was begun goes on even where the estimate exceeds the memory at hand, with a warning.
     *
     * @throws IllegalArgumentException if another load was asked for than the one begun with, or what was asked for does not
     *     fit, or nothing does
     */
    Load choose(Optional<Load> begun) {
        int threads = engine.usualThreads(); // its library takes memory, too
        return choose(begun, threads, engine.memoryAtHand(config.execution().device()));
    }

    Load choose(Optional<Load> begun, int threads, Optional<MemoryAtHand> atHand) {
        var asked = config.execution();
        int fewest = engine.normsOverPictures(network) ? Math.min(FEWEST_NORMED, step) : 1;
        var need = engine.trainingNeed(network);
        if (begun.isPresent()) {
            requireAllowed(begun.get());
            return told(
                    LoadFit.of(asked.with(begun.get()), need, atHand, fewest).chooseAnyway(begun.get()));
        }
        asked.atOnce()
                .ifPresent(pictures -> require(
                        pictures >= fewest,
                        "%d pictures at once are too few for batch norm; take --at-once %d or more",
                        pictures,
                        fewest));
        return told(LoadFit.of(asked, need, atHand, fewest).choose(new Load(step, threads)));
    }

    private void requireAllowed(Load begun) {
        require(
                config.execution().allows(begun),
                "the unfinished training of %s began with --at-once %d --threads %d; go on with these, or begin anew with"
                        + " --overwrite",
                config.output(),
                begun.atOnce(),
                begun.threads());
    }

    /** Of a fold: as the whole model's, and not held against memory again, of which this process keeps some for reuse. */
    Load beside(Optional<Load> begun, VisionTraining.Whole whole) {
        if (begun.isPresent()) {
            requireAllowed(begun.get());
            return told(begun.get());
        }
        boolean uncut = config.execution().atOnce().isEmpty() && whole.uncut();
        return told(new Load(uncut ? step : whole.load().atOnce(), whole.load().threads()));
    }

    private Load told(Load load) {
        if (load.atOnce() < step) {
            LOG.info(
                    "{} of {} pictures of a step go through the network at once{}",
                    load.atOnce(),
                    step,
                    engine.normsOverPictures(network) ? "; batch norm takes its statistics of these" : "");
        }
        return load;
    }
}
