package org.eegvlm.core.signal;

/** One sleep spindle: where it starts in its epoch, and how long it lasts. */
public record Spindle(double onsetSeconds, double seconds) {}
