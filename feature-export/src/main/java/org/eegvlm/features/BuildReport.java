package org.eegvlm.features;

/** How many samples to learn from and how many questions to answer were written. */
public record BuildReport(int samples, int questions) {}
