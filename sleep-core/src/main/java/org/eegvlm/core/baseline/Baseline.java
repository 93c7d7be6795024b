package org.eegvlm.core.baseline;

import java.io.IOException;
import org.eegvlm.core.manifest.EpochRecord;

/** Tells how probable each stage is in an epoch, having seen the train split. */
@FunctionalInterface
interface Baseline {

    /** Probabilities in the order of {@link org.eegvlm.core.SleepStage}, summing to 1. */
    double[] probabilities(EpochRecord epoch) throws IOException;
}
