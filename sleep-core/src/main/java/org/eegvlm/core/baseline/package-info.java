/**
 * Two answerers that any model must beat: the most frequent stage, and band powers with logistic regression.
 *
 * <pre>{@code
 * Baselines.run(new BaselineConfig(manifest, output, BaselineMethod.BANDPOWER, false), Progress.SILENT);
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.baseline;

import org.jspecify.annotations.NullMarked;
