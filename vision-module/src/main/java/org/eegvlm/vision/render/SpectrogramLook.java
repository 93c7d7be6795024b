package org.eegvlm.vision.render;

import static org.eegvlm.core.Preconditions.require;

import java.util.Optional;

/**
 * How a signal's power is drawn over time and frequency: time from left to right, frequency upwards, the power spectral
 * density as a colour.
 *
 * @param method how spectra are estimated
 * @param windowSeconds how much signal each spectrum is of
 * @param stepSeconds how much later the next one starts
 * @param bandwidthHz over what width frequencies are blended; of multitaper only
 * @param axis which frequencies are shown
 * @param decibels which densities the colours stand for: fixed, because power tells stages apart
 * @param colours from the least to the most
 * @param neighbours how many epochs before and after are drawn too, beyond a white line
 */
public record SpectrogramLook(
        Method method,
        double windowSeconds,
        double stepSeconds,
        Optional<Double> bandwidthHz,
        Axis axis,
        Decibels decibels,
        ColourMap colours,
        int neighbours) {

    /** How spectra are estimated. */
    public enum Method {
        /** Several tapers a window (Thomson 1982), whose spectra are averaged: less noise. */
        MULTITAPER,
        /** One Hann window at a time. */
        STFT
    }

    /**
     * Frequencies, from the bottom to the top of a channel.
     *
     * @param logarithmic whether octaves are equally tall, not hertz
     */
    public record Axis(double lowHz, double highHz, boolean logarithmic) {
        public Axis {
            require(
                    0 <= lowHz && lowHz < highHz && Double.isFinite(highHz),
                    "frequencies must rise from 0 or more, were %s to %s Hz",
                    lowHz,
                    highHz);
            require(!logarithmic || lowHz > 0, "a logarithmic axis cannot begin at 0 Hz");
        }
    }

    /** Decibels relative to 1 µV²/Hz; what is beyond has the colour of the end. */
    public record Decibels(double low, double high) {
        public Decibels {
            require(low < high, "decibels must rise, were %s to %s", low, high);
        }
    }

    /**
     * Multitaper spectra of 2.56 s, so that a spindle is a spot; linear to 30 Hz. At 100, 200 and 400 Hz a window has as
     * many samples as a power of two, which is the quickest.
     */
    public static final SpectrogramLook DEFAULT = new SpectrogramLook(
            Method.MULTITAPER,
            2.56,
            0.32,
            Optional.of(2.0),
            new Axis(0, 30, false),
            new Decibels(-10, 25),
            ColourMap.VIRIDIS,
            0);

    public SpectrogramLook {
        require(0.1 <= windowSeconds && windowSeconds <= 30, "windows must have 0.1 to 30 s, had %s", windowSeconds);
        require(
                0.01 <= stepSeconds && stepSeconds <= windowSeconds,
                "the step must be 0.01 s to a window's length, was %s s",
                stepSeconds);
        require(
                bandwidthHz.isPresent() == (method == Method.MULTITAPER),
                "a bandwidth belongs to multitaper spectra, and only to them");
        require(
                0 <= neighbours && neighbours <= WaveformLook.MOST_NEIGHBOURS,
                "neighbours must be in 0..%d, were %d",
                WaveformLook.MOST_NEIGHBOURS,
                neighbours);
    }

    /** The same picture by short-time Fourier transform. */
    public SpectrogramLook withStft() {
        return new SpectrogramLook(
                Method.STFT, windowSeconds, stepSeconds, Optional.empty(), axis, decibels, colours, neighbours);
    }

    public SpectrogramLook withAxis(Axis other) {
        return new SpectrogramLook(
                method, windowSeconds, stepSeconds, bandwidthHz, other, decibels, colours, neighbours);
    }

    public SpectrogramLook withDecibels(Decibels other) {
        return new SpectrogramLook(method, windowSeconds, stepSeconds, bandwidthHz, axis, other, colours, neighbours);
    }

    public SpectrogramLook withColours(ColourMap other) {
        return new SpectrogramLook(method, windowSeconds, stepSeconds, bandwidthHz, axis, decibels, other, neighbours);
    }

    public SpectrogramLook withNeighbours(int count) {
        return new SpectrogramLook(method, windowSeconds, stepSeconds, bandwidthHz, axis, decibels, colours, count);
    }
}
