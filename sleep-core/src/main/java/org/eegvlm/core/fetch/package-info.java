/**
 * Fetches recordings that the public may have: Sleep-EDF Expanded, from PhysioNet.
 *
 * <pre>{@code
 * var choice = new NightChoice(Optional.of(SleepEdf.Study.ST), List.of(), 4);
 * new SleepEdfFetch(new FetchConfig(FetchConfig.PHYSIONET, Path.of("sleep_data/raw"), choice), Progress.SILENT).run();
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.fetch;

import org.jspecify.annotations.NullMarked;
