package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** What the model says of the token that follows each row: fp32 [B, V]. */
interface Logits {

    /** Each row's likeliest token. */
    long[] likeliest();

    /** [B][V]. */
    float[][] rows();

    /** [B, V], for kernels; of the innermost open scope. */
    NDArray tensor();

    /** On whatever device they are: there the likeliest is chosen, so that of all of them only one a row is copied. */
    static Logits of(NDArray tensor) {
        return new OnDevice(tensor);
    }

    /** In Java. @param manager makes a tensor of them where one is asked for */
    static Logits of(float[][] rows, NDManager manager) {
        return new InJava(rows, manager);
    }

    /** Of a tensor. */
    record OnDevice(NDArray tensor) implements Logits {

        @Override
        public long[] likeliest() {
            var found = GenerationKernels.on(tensor.getDevice())
                    .tensor("likeliest", tensor)
                    .toDoubleArray();
            int rows = found.length / 2;
            for (int row = 0; row < rows; row++) {
                Sampler.requireNumber(found[rows + row]);
            }
            return Arrays.stream(found, 0, rows)
                    .mapToLong(token -> (long) token)
                    .toArray();
        }

        @Override
        public float[][] rows() {
            var flat = tensor.toFloatArray();
            int words = Math.toIntExact(tensor.getShape().get(1));
            var rows = new float[flat.length / words][];
            Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * words, (row + 1) * words));
            return rows;
        }
    }

    /** Of arrays. */
    @SuppressWarnings("ArrayRecordComponent")
    record InJava(float[][] rows, NDManager manager) implements Logits {

        @Override
        public long[] likeliest() {
            return Arrays.stream(rows).mapToLong(InJava::likeliest).toArray();
        }

        @Override
        public NDArray tensor() {
            int words = rows[0].length;
            var flat = new float[rows.length * words];
            for (int row = 0; row < rows.length; row++) {
                System.arraycopy(rows[row], 0, flat, row * words, words);
            }
            return manager.create(flat, new Shape(rows.length, words));
        }

        private static long likeliest(float[] logits) {
            int best = 0;
            for (int token = 1; token < logits.length; token++) {
                if (logits[token] > logits[best] || Float.isNaN(logits[token])) {
                    best = token;
                }
            }
            Sampler.requireNumber(logits[best]);
            return best;
        }
    }
}
