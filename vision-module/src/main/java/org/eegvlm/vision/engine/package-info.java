/**
 * What an engine implements and what it is given: networks that tell stages from pictures, apart from who computes them
 * and from how they are trained. It knows no engine; of the rest of the vision module it knows the drawn pictures of {@code
 * render} alone, and an engine knows no more.
 *
 * <pre>{@code
 * var engine = VisionEngine.named("djl");
 * try (var learner = engine.learner(engine.network("resnet18", 224), LearnerConfig.of(seed))) {
 *     double loss = learner.step(pictures, targets, 1e-3);
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.vision.engine;

import org.jspecify.annotations.NullMarked;
