/**
 * Deeplearning4j as a vision engine, found by its name: {@code --engine dl4j}.
 *
 * <pre>{@code
 * var engine = VisionEngine.named("dl4j");
 * try (var learner = engine.learner(engine.network("resnet18", 224), LearnerConfig.of(seed))) {
 *     learner.step(pictures, targets, 1e-3);
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.dl4j;

import org.jspecify.annotations.NullMarked;
