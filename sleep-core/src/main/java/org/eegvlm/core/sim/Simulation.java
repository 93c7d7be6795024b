package org.eegvlm.core.sim;

import java.io.IOException;
import java.util.List;
import org.eegvlm.core.Progress;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Nights;

/** Simulates nights. */
public final class Simulation {

    private final SimulationConfig config;
    private final Progress progress;

    public Simulation(SimulationConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /** Writes the nights and tells where they are. */
    public List<Night> run() throws IOException {
        progress.at("simulating", 0, config.subjects(), "");
        return Nights.in(config.output());
    }
}
