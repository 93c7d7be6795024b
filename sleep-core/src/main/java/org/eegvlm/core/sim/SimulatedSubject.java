package org.eegvlm.core.sim;

/**
 * What makes one sleeper's EEG differ from another's, all night long.
 *
 * @param amplitude of all EEG, around 1: skull and electrodes
 * @param bands a factor for each of {@link Background.Band}
 * @param alphaHz the frequency of the resting rhythm
 * @param alpha how much of it, around 1; about one person in eight has hardly any
 * @param spindleHz the frequency of the spindles
 * @param spindles how many, around 1
 * @param slowWaves how tall, around 1; they shrink with age
 * @param blinks how tall and how many, around 1
 * @param sensorNoise RMS of the amplifier's white noise, in µV
 */
record SimulatedSubject(
        double amplitude,
        double[] bands,
        double alphaHz,
        double alpha,
        double spindleHz,
        double spindles,
        double slowWaves,
        double blinks,
        double sensorNoise) {

    static SimulatedSubject draw(Chance chance) {
        var bands = new double[Background.Band.values().length];
        for (int i = 0; i < bands.length; i++) {
            bands[i] = chance.factor(0.12);
        }
        return new SimulatedSubject(
                chance.factor(0.15),
                bands,
                chance.normal(9.8, 0.6),
                chance.happens(0.12) ? 0.4 : chance.factor(0.2),
                chance.normal(13.2, 0.4),
                chance.factor(0.2),
                chance.factor(0.12),
                chance.factor(0.15),
                chance.uniform(0.8, 2));
    }
}
