package org.eegvlm.core.signal;

/** A stretch of one signal. */
public record Window(float[] microvolts, double rateHz) {}
