/**
 * Nights as they lie on disk: a recording, its hypnogram, whose night it is.
 *
 * <pre>{@code
 * for (Night night : Nights.in(Path.of("sleep_data/raw"))) {
 *     try (var recording = night.open()) {
 *         Hypnogram hypnogram = night.hypnogram(recording);
 *     }
 * }
 * }</pre>
 *
 * <p>A scoring alone: {@code Scorings.read(file, codes, step)}, and {@link org.eegvlm.core.night.HypnogramExport} to
 * write it for other programs.
 *
 * <p>The world's words for sleep stages (annotation labels, hypnogram codes) come in here and go no further.
 */
@NullMarked
package org.eegvlm.core.night;

import org.jspecify.annotations.NullMarked;
