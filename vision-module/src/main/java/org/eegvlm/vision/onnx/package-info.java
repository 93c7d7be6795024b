/**
 * Networks as ONNX files, and ONNX Runtime to compute them: faster than the engine that trains, and read by other
 * programs. Nothing outside this package sees a type of ONNX Runtime.
 *
 * <pre>{@code
 * OnnxExport.run(model);                                        // writes model.onnx beside the weights
 * try (var extractor = FeatureExtractor.open(model, Execution.DEFAULT.withEngine("onnx"))) {
 *     float[][] features = extractor.encode(pictures).features();
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.vision.onnx;

import org.jspecify.annotations.NullMarked;
