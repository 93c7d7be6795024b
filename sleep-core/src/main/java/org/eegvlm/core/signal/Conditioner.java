package org.eegvlm.core.signal;

import java.util.List;

/** A {@link Conditioning} prepared for signals of one sampling rate. For use by any number of threads. */
public final class Conditioner {

    private final List<SecondOrderSections> filters;
    private final boolean resamples;
    private final double rateHz;
    private final Resampler resampler;

    Conditioner(List<SecondOrderSections> filters, double fromHz, double toHz) {
        this.filters = List.copyOf(filters);
        this.resamples = fromHz != toHz;
        this.rateHz = toHz;
        this.resampler = Resampler.between(fromHz, toHz);
    }

    /**
     * Conditions a stretch that has no neighbours: the filters continue it at both ends by its mirror image.
     *
     * @throws IllegalArgumentException if it is too short for a filter
     */
    public Window apply(float[] microvolts) {
        var samples = new double[microvolts.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = microvolts[i];
        }
        for (var filter : filters) {
            samples = filter.zeroPhase(samples);
        }
        samples = resamples ? resampled(samples) : samples;
        var conditioned = new float[samples.length];
        for (int i = 0; i < conditioned.length; i++) {
            conditioned[i] = (float) samples[i];
        }
        return new Window(conditioned, rateHz);
    }

    /** The rate afterwards. */
    double rateHz() {
        return rateHz;
    }

    /** So many samples before and after are as many whole samples at the new rate. */
    int inputPeriod() {
        return resampler.inputPeriod();
    }

    /** How many samples become of so many. */
    int outputLength(int samples) {
        return resampler.outputLength(samples);
    }

    /** Around its mean: the resampler takes what lies outside for zero. */
    private double[] resampled(double[] samples) {
        double mean = 0;
        for (double sample : samples) {
            mean += sample / samples.length;
        }
        var centred = new double[samples.length];
        for (int i = 0; i < samples.length; i++) {
            centred[i] = samples[i] - mean;
        }
        var resampled = resampler.apply(centred);
        for (int i = 0; i < resampled.length; i++) {
            resampled[i] += mean;
        }
        return resampled;
    }
}
