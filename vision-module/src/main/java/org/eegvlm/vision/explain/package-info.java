/**
 * Shows which seconds of an epoch an encoder decides by, whatever the network and the engine.
 *
 * <pre>{@code
 * new ExplainRun(ExplainConfig.of(manifest, visionModel, output), progress).run();
 * }</pre>
 */
@NullMarked
package org.eegvlm.vision.explain;

import org.jspecify.annotations.NullMarked;
