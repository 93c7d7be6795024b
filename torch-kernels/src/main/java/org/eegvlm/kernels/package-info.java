/**
 * DJL PyTorch behind {@link org.eegvlm.kernels.Kernels}: model mathematics written as readable TorchScript text, called
 * from Java by name.
 *
 * <pre>{@code
 * try (var kernels = Kernels.load(device, Tensors.class, "tensors.kernels.py");
 *         var scope = new NDScope()) {
 *     NDArray norm = kernels.tensor("clip", gradients, 1.0);
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.kernels;

import org.jspecify.annotations.NullMarked;
