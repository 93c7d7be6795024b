package org.eegvlm.vision.render;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.core.Recording;
import org.eegvlm.core.signal.ConditionedSignals;
import org.eegvlm.core.signal.Window;

/** What a render spec shows of a recording. For one thread. */
final class EpochWindows {

    private final Recording recording;
    private final RenderSpec spec;
    private final ConditionedSignals signals;

    /** @throws IllegalArgumentException if the recording lacks a channel, or its rate does not suit the conditioning */
    EpochWindows(Recording recording, List<String> channels, RenderSpec spec) {
        this.recording = recording;
        this.spec = spec;
        signals = new ConditionedSignals(recording, channels, spec.signalConditioning());
    }

    /**
     * A window of each channel: the epoch's, with its neighbours' where the spec shows them. Of a neighbour that a gap
     * is in, or that is beyond the recording's ends, there is NaN.
     *
     * @param onset of the epoch, in seconds from the recording's start
     */
    List<Window> read(double onset) throws IOException {
        if (spec.neighbours() == 0) {
            return signals.read(onset, spec.epochSeconds());
        }
        var own = signals.read(onset, spec.epochSeconds());
        var all = new ArrayList<Window>();
        for (var window : own) {
            var samples = new float[spec.epochsShown() * window.microvolts().length];
            Arrays.fill(samples, Float.NaN);
            all.add(new Window(samples, window.rateHz()));
        }
        for (int place = 0; place < spec.epochsShown(); place++) {
            double start = onset + (place - spec.neighbours()) * spec.epochSeconds();
            if (place == spec.neighbours()) {
                put(own, place, all);
            } else if (start >= 0
                    && recording.recordedBefore(start, spec.epochSeconds()).isPresent()) {
                put(signals.read(start, spec.epochSeconds()), place, all);
            }
        }
        return all;
    }

    private static void put(List<Window> epoch, int place, List<Window> all) {
        for (int channel = 0; channel < all.size(); channel++) {
            var samples = epoch.get(channel).microvolts();
            System.arraycopy(samples, 0, all.get(channel).microvolts(), place * samples.length, samples.length);
        }
    }
}
