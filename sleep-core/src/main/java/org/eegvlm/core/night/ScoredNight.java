package org.eegvlm.core.night;

import org.eegvlm.core.Hypnogram;

/** A night's stages, one for each whole epoch of its recording, and how they came to lie there. */
public record ScoredNight(Hypnogram hypnogram, Alignment alignment) {}
