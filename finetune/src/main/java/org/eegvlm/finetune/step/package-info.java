/**
 * One step: {@link org.eegvlm.finetune.step.TrainingStep} finds gradients, on one device or several, and moves the
 * {@link org.eegvlm.finetune.step.Trainee}.
 */
@NullMarked
package org.eegvlm.finetune.step;

import org.jspecify.annotations.NullMarked;
