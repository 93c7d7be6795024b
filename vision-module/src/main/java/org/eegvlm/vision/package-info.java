/**
 * Learns to tell stages from pictures, and turns pictures into numbers.
 *
 * <pre>{@code
 * new VisionTraining(VisionConfig.of(manifest, output), progress).run();
 * new FoldTraining(VisionConfig.of(manifest, output), 5, progress).run();  // and fold-1 … fold-5 within
 * try (var extractor = FeatureExtractor.open(output)) {
 *     float[][] features = extractor.encode(pictures).features();
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.vision;

import org.jspecify.annotations.NullMarked;
