/**
 * DJL PyTorch behind {@link org.eegvlm.kernels.Kernels}: model mathematics written as readable TorchScript text, called
 * from Java by name.
 *
 * <pre>{@code
 * try (var kernels = Kernels.load(device, LlamaDecoder.class, "llama.kernels.py");
 *         var scope = new NDScope()) {
 *     NDArray y = kernels.tensor("layer", x, weights, heads, eps);
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.kernels;

import org.jspecify.annotations.NullMarked;
