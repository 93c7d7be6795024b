/**
 * EDF, EDF+, BDF and BDF+ (Kemp et al. 1992, Kemp and Olivan 2003; edfplus.info; BioSemi): read lazily, written exactly.
 *
 * <pre>{@code
 * try (var night = EdfRecording.open(Path.of("SC4001E0-PSG.edf"))) {
 *     float[] first = night.microvolts(night.channel("EEG Fpz-Cz"), 0, 3000);
 *     night.warnings().forEach(System.err::println);
 * }
 * }</pre>
 *
 * <p>{@link org.eegvlm.core.edf.EdfInfo} shows a file at a glance, {@link org.eegvlm.core.edf.EdfWriter} writes one,
 * {@link org.eegvlm.core.edf.Anonymization} takes the person out of one.
 */
@NullMarked
package org.eegvlm.core.edf;

import org.jspecify.annotations.NullMarked;
