/**
 * Products of matrices in native memory and a few vectors, computed in Java with the processor's vector instructions and
 * several threads.
 *
 * <p>The JVM must be started with {@code --add-modules jdk.incubator.vector}; ask {@link org.eegvlm.llama.vector.Workers#canCompute}
 * before touching anything else.
 *
 * <pre>{@code
 * var matrix = MappedMatrix.of(tensor.toByteBuffer(true), rows, columns);
 * float[] operand = matrix.arrangement().arranged(x);
 * matrix.multiply(firstRow, rows, new float[][] {operand}, tile, sums);
 * }</pre>
 */
@NullMarked
package org.eegvlm.llama.vector;

import org.jspecify.annotations.NullMarked;
