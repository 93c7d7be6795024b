package org.eegvlm.core.sim;

/**
 * How one epoch differs from others of its stage.
 *
 * @param level of all background, around 1
 * @param bands a factor for each of {@link Background.Band}
 * @param eyesOpen awake only
 * @param vertexWaves N1 only
 * @param alphaRemains N1 only
 * @param liveliness of N2: how many spindles and K-complexes, around 1
 * @param depth of N2 and N3, 0 to 1: how many slow waves
 * @param phasic REM only: with eye movements
 */
record EpochMood(
        double level,
        double[] bands,
        boolean eyesOpen,
        boolean vertexWaves,
        boolean alphaRemains,
        double liveliness,
        double depth,
        boolean phasic) {

    static EpochMood draw(Chance chance) {
        var bands = new double[Background.Band.values().length];
        for (int i = 0; i < bands.length; i++) {
            bands[i] = chance.factor(0.2);
        }
        return new EpochMood(
                chance.factor(0.12),
                bands,
                chance.happens(0.55),
                chance.happens(0.6),
                chance.happens(0.5),
                chance.factor(0.25),
                chance.uniform(0, 1),
                chance.happens(0.85));
    }
}
