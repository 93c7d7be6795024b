"""Writes the band powers that BandPowersTest expects: SciPy's Welch estimate of a signal made of sines.

Made with Python 3.11, numpy 1.26.4, scipy 1.15.3:

    python reference/make_band_powers.py > sleep-core/src/test/resources/org/eegvlm/core/signal/band-powers.json
"""

import json

import numpy as np
from scipy.signal import welch

BANDS = {"delta": (0.5, 4), "theta": (4, 8), "alpha": (8, 12), "sigma": (12, 16), "beta": (16, 30)}


def samples(rate_hz, seconds):
    """Sines in four bands and a sweep through all of them; BandPowersTest computes the same."""
    t = np.arange(round(rate_hz * seconds)) / rate_hz
    sines = 30 * np.sin(2 * np.pi * 1.3 * t) + 12 * np.sin(2 * np.pi * 6.1 * t) + 8 * np.sin(2 * np.pi * 13.7 * t)
    return (sines + 5 * np.sin(2 * np.pi * 0.4 * t * t) + 20).astype(np.float32)


def band_powers(rate_hz, seconds):
    window = round(4 * rate_hz)
    padded = 1 << (window - 1).bit_length()
    hz, density = welch(samples(rate_hz, seconds).astype(np.float64), rate_hz, nperseg=window, nfft=padded)
    width = hz[1] - hz[0]
    return {name: float(density[(hz >= low) & (hz < high)].sum() * width) for name, (low, high) in BANDS.items()}


cases = [(100, 30), (64, 20), (200, 20), (128.5, 30)]
print(json.dumps([{"rate_hz": r, "seconds": s, "powers": band_powers(r, s)} for r, s in cases], indent=2))
