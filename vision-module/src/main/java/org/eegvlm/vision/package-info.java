/**
 * Learns to tell stages from pictures, and turns pictures into numbers.
 *
 * <pre>{@code
 * new VisionTraining(VisionConfig.of(manifest, output), progress).run();
 * try (var extractor = FeatureExtractor.open(output)) {
 *     float[][] features = extractor.encode(pictures).features();
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.vision;

import org.jspecify.annotations.NullMarked;
