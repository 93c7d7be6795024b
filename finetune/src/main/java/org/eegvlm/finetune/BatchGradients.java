package org.eegvlm.finetune;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What one batch says.
 *
 * @param loss mean cross entropy over its supervised tokens
 * @param gradients in the order of {@link Trainee#parameters}
 */
record BatchGradients(double loss, List<NDArray> gradients) {}
