/**
 * From an epoch's samples to its picture. The same samples and the same {@link org.eegvlm.vision.render.RenderSpec} give
 * the same bytes, in training, evaluation and serving. OpenCV is used here and nowhere else.
 *
 * <pre>{@code
 * try (var renderer = new EpochRenderer(RenderSpec.DEFAULT)) {
 *     Files.write(file, renderer.render(microvolts, ratesHz).png());
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.vision.render;

import org.jspecify.annotations.NullMarked;
