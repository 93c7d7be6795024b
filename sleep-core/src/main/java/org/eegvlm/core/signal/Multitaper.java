package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.util.ArrayList;
import java.util.List;

/**
 * The power spectral density by several tapers (Thomson 1982): what each of {@link Tapers} sees, averaged. Smoother than
 * one window's periodogram, with less leakage, at a resolution that one chooses.
 *
 * <p>The same as MNE's {@code psd_array_multitaper(adaptive=False, normalization="full")}: the mean is taken off, tapers
 * that keep no more than 90 % of their power in the band are left out, and the others count by how much they keep. One
 * instance serves all windows of a length, and any number of threads.
 */
public final class Multitaper {

    private static final double LEAST_CONCENTRATION = 0.9;

    private final double rateHz;
    private final List<double[]> tapers;
    private final double[] weights;
    private final PowerSpectrum spectrum;

    /**
     * @param samples how long each window is
     * @param bandwidthHz over what width frequencies are blended; the more, the smoother
     */
    public Multitaper(int samples, double rateHz, double bandwidthHz) {
        this.rateHz = rateHz;
        double halfBandwidth = bandwidthHz * samples / (2 * rateHz);
        require(
                halfBandwidth >= 0.5 && bandwidthHz < rateHz,
                "a bandwidth of %s Hz does not suit windows of %s s at %s Hz",
                bandwidthHz,
                samples / rateHz,
                rateHz);
        // MNE's periodic form: one sample longer, and without its last.
        var all = Tapers.of(samples + 1, halfBandwidth, (int) (2 * halfBandwidth));
        tapers = new ArrayList<>();
        var kept = new ArrayList<Double>();
        for (int i = 0; i < all.sequences().size(); i++) {
            double concentration = all.concentrations()[i];
            if (concentration > LEAST_CONCENTRATION || i == 0) {
                tapers.add(all.sequences().get(i));
                kept.add(concentration);
            }
        }
        double sum = kept.stream().mapToDouble(concentration -> concentration).sum();
        weights =
                kept.stream().mapToDouble(concentration -> concentration / sum).toArray();
        spectrum = new PowerSpectrum(samples);
    }

    /**
     * @param samples as many as the instance is for, in µV
     * @return the one-sided density in µV²/Hz; bin k is at k · rate / N
     */
    public double[] density(double[] samples) {
        double mean = 0;
        for (double sample : samples) {
            mean += sample / samples.length;
        }
        var density = new double[spectrum.bins()];
        for (int t = 0; t < weights.length; t++) {
            var tapered = new double[samples.length];
            for (int i = 0; i < tapered.length; i++) {
                tapered[i] = (samples[i] - mean) * tapers.get(t)[i];
            }
            var power = spectrum.of(tapered);
            for (int k = 0; k < density.length; k++) {
                boolean hasTwin = k > 0 && 2 * k < samples.length;
                density[k] += (hasTwin ? 2 : 1) * weights[t] * power[k] / rateHz;
            }
        }
        return density;
    }
}
