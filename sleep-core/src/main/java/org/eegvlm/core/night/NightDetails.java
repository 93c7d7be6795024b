package org.eegvlm.core.night;

import java.time.LocalTime;
import java.util.Optional;
import org.eegvlm.core.edf.Person;

/**
 * What a table of subjects tells of one night.
 *
 * @param lightsOff the clock's time
 * @param drug what the subject had taken; empty where the study gave nothing
 */
record NightDetails(Person person, LocalTime lightsOff, Optional<Drug> drug) {

    /** Sleep telemetry: one night of each, in either order. */
    enum Drug {
        PLACEBO,
        TEMAZEPAM
    }
}
