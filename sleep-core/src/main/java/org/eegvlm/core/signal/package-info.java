/**
 * Filters, resampling and spectra, as SciPy and MNE compute them; and what can be measured in one epoch of EEG: band
 * powers, spindles, slow waves, and a sentence about them.
 *
 * <pre>{@code
 * var filtered = Butterworth.bandPass(4, 0.3, 35, 100).zeroPhase(samples);
 * var spectrogram = Spectrogram.multitaper(filtered, 100, 400, 100, 2);
 * var findings = Findings.of(microvolts, channel.samplingRateHz());
 * findings.sentence(); // Delta 41 %, theta 22 %, …; slow waves fill 12 % of the epoch; 3 spindles; amplitude 23 µV.
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.signal;

import org.jspecify.annotations.NullMarked;
