/**
 * What can be measured in one epoch of EEG: band powers, spindles, slow waves, and a sentence about them.
 *
 * <pre>{@code
 * var findings = Findings.of(microvolts, channel.samplingRateHz());
 * findings.sentence(); // Delta 41 %, theta 22 %, …; slow waves fill 12 % of the epoch; 3 spindles; amplitude 23 µV.
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.signal;

import org.jspecify.annotations.NullMarked;
