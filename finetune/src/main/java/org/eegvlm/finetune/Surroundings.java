package org.eegvlm.finetune;

import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eegvlm.core.Progress;
import org.eegvlm.llava.TowerCache;

/**
 * What a run finds around it; none of it decides what is learnt.
 *
 * @param towerCache where pictures are remembered; without one the tower sees them again in every pass
 * @param clock of the rates and of TensorBoard's times of day
 * @param stop asked after each step: whether to save a checkpoint and return
 */
public record Surroundings(Progress progress, Optional<TowerCache> towerCache, Clock clock, BooleanSupplier stop) {

    /** Undisturbed. */
    public static Surroundings of(Progress progress) {
        return new Surroundings(progress, Optional.empty(), Clock.systemUTC(), () -> false);
    }

    public Surroundings withTowerCache(Optional<TowerCache> newTowerCache) {
        return new Surroundings(progress, newTowerCache, clock, stop);
    }

    public Surroundings withStop(BooleanSupplier newStop) {
        return new Surroundings(progress, towerCache, clock, newStop);
    }
}
