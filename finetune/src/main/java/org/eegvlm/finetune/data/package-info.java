/**
 * What a run learns from and is asked about, checked whole before the first step, and which samples each step sees:
 * {@link org.eegvlm.finetune.data.TrainingData} and {@link org.eegvlm.finetune.data.BatchPlan}.
 */
@NullMarked
package org.eegvlm.finetune.data;

import org.jspecify.annotations.NullMarked;
