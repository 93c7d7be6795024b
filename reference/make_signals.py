"""Writes what SignalsGoldenTest expects: SciPy's filters, resampling, spectrogram and tapers, and MNE's multitaper.

Made with Python 3.11, numpy 1.26.4, scipy 1.15.3, mne 1.9.0:

    python reference/make_signals.py > sleep-core/src/test/resources/org/eegvlm/core/signal/signals.json

Every STRIDE-th value is kept, and the largest magnitude of all of them.
"""

import json
from fractions import Fraction

import numpy as np
from mne.time_frequency import psd_array_multitaper
from scipy.signal import butter, iirnotch, resample_poly, sosfiltfilt, spectrogram
from scipy.signal.windows import dpss

STRIDE = 23


def samples(rate_hz, count):
    """Sines, an offset, and noise that any language can make again; SignalsGoldenTest computes the same."""
    t = np.arange(count) / rate_hz
    noise = np.empty(count)
    state = 1
    for i in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        noise[i] = state / 2**31 - 0.5
    sines = 50 * np.sin(2 * np.pi * 1.1 * t) + 20 * np.sin(2 * np.pi * 9.7 * t) + 10 * np.sin(2 * np.pi * 50 * t)
    return sines + 40 * noise + 30


def kept(values):
    flat = np.asarray(values).ravel()
    return {"size": flat.size, "largest": float(np.abs(flat).max()), "values": [float(v) for v in flat[::STRIDE]]}


def filtered(kind, order, low, high, rate, count):
    edges = {"bandpass": [low, high], "highpass": low, "lowpass": high}[kind]
    y = sosfiltfilt(butter(order, edges, kind, fs=rate, output="sos"), samples(rate, count))
    return {"kind": kind, "order": order, "low_hz": low, "high_hz": high, "rate_hz": rate, "count": count, **kept(y)}


def notched(hz, quality, rate, count):
    b, a = iirnotch(hz, quality, fs=rate)
    y = sosfiltfilt([[*b, *a]], samples(rate, count))
    return {"hz": hz, "quality": quality, "rate_hz": rate, "count": count, **kept(y)}


def resampled(rate, to, count):
    ratio = Fraction(to).limit_denominator(10**6) / Fraction(rate).limit_denominator(10**6)
    y = resample_poly(samples(rate, count), ratio.numerator, ratio.denominator)
    return {"rate_hz": rate, "to_hz": to, "count": count, **kept(y)}


def spectrum(rate, count, window, step):
    hz, t, density = spectrogram(
        samples(rate, count), rate, "hann", window, window - step, detrend="constant", scaling="density"
    )
    place = {"bin_hz": float(hz[1]), "first_second": float(t[0]), "last_second": float(t[-1])}
    return {"rate_hz": rate, "count": count, "window": window, "step": step, **place, **kept(density.T)}


def tapers(length, half_bandwidth, most):
    windows, ratios = dpss(length, half_bandwidth, most, return_ratios=True)
    return {
        "length": length,
        "half_bandwidth": half_bandwidth,
        "most": most,
        "concentrations": [float(r) for r in ratios],
        **kept(windows),
    }


def multitaper(rate, count, bandwidth):
    x = samples(rate, count)
    density, _ = psd_array_multitaper(x, rate, bandwidth=bandwidth, adaptive=False, normalization="full", verbose=False)
    return {"rate_hz": rate, "count": count, "bandwidth_hz": bandwidth, **kept(density)}


print(
    json.dumps(
        {
            "filters": [
                filtered("bandpass", 4, 0.3, 35, 100, 3000),
                filtered("bandpass", 4, 0.3, 35, 512, 15360),
                filtered("bandpass", 1, 0.5, 35, 100, 3000),
                filtered("bandpass", 3, 1, 45, 128.5, 3855),
                filtered("bandpass", 2, 11, 16, 200, 500),
                filtered("highpass", 4, 0.3, None, 256, 7680),
                filtered("highpass", 5, 0.5, None, 100, 1000),
                filtered("lowpass", 4, None, 35, 200, 6000),
                filtered("lowpass", 3, None, 30, 100, 60),
                filtered("lowpass", 8, None, 40, 250, 2500),
            ],
            "notches": [notched(50, 30, 200, 6000), notched(60, 30, 512, 15360), notched(50, 35, 128.5, 400)],
            "resamplings": [
                resampled(200, 100, 6000),
                resampled(256, 100, 7680),
                resampled(512, 128, 1001),
                resampled(100, 128, 3000),
                resampled(128.5, 100, 3855),
                resampled(1, 100, 30),
            ],
            "spectrograms": [
                spectrum(100, 3000, 256, 64),
                spectrum(100, 3000, 200, 100),
                spectrum(128.5, 3855, 301, 77),
            ],
            "tapers": [tapers(64, 2.5, 4), tapers(300, 4, 7), tapers(3000, 15, 29), tapers(257, 3, 5)],
            "multitapers": [
                multitaper(100, 3000, 1.0),
                multitaper(100, 400, 2.0),
                multitaper(128.5, 1001, 1.5),
                multitaper(256, 7680, 0.5),
            ],
        },
        indent=1,
    )
)
