/**
 * Fine-tuning: LoRA on the decoder and a trainable projector, on a frozen LLaVA base. The doors, and how a run goes.
 *
 * <pre>{@code
 * var config = FineTuneConfig.of(new RunPaths(base, data, images, Optional.of(features), output));
 * new FineTuneRunner(config, Progress.SILENT).run();
 * }</pre>
 *
 * <p>A run knows its rooms, and each room those before it: {@code config} says what is wanted, {@code data} is what is
 * learnt from and in which order, {@code step} moves the weights, {@code output} writes what comes of it.
 */
@NullMarked
package org.eegvlm.finetune;

import org.jspecify.annotations.NullMarked;
