/**
 * The training loop: LoRA on the decoder and a trainable projector, on a frozen LLaVA base.
 *
 * <pre>{@code
 * var config = FineTuneConfig.of(new RunPaths(base, data, images, Optional.of(features), output));
 * new FineTuneRunner(config, Progress.SILENT).run();
 * }</pre>
 */
@NullMarked
package org.eegvlm.finetune;

import org.jspecify.annotations.NullMarked;
