/**
 * EDF, EDF+ and BDF (Kemp et al. 1992, Kemp and Olivan 2003; edfplus.info; BioSemi): read lazily, written exactly.
 *
 * <pre>{@code
 * try (var night = EdfRecording.open(Path.of("SC4001E0-PSG.edf"))) {
 *     float[] first = night.microvolts(night.channel("EEG Fpz-Cz"), 0, 3000);
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.edf;

import org.jspecify.annotations.NullMarked;
