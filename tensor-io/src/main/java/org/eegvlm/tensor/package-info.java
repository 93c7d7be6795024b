/**
 * Tensors in files: {@code .npy}, safetensors and torch's zip, read with every size checked before it is believed, and
 * written with the same bytes for the same content.
 *
 * <pre>{@code
 * float[] row = NpyFile.open(path).row(7);
 * float[] weights = SafetensorsFile.open(path).floats("model.norm.weight");
 * SafetensorsWriter.write(path, Map.of("w", TensorData.f32(values, 2, 3)), Map.of("format", "pt"));
 * float[] bias = TorchZip.open(path).floats("model.mm_projector.0.bias");
 * TorchZip.write(path, Map.of("w", TensorData.bf16(values, 2, 3)));
 * }</pre>
 */
@NullMarked
package org.eegvlm.tensor;

import org.jspecify.annotations.NullMarked;
