package org.eegvlm.llama;

import static org.eegvlm.llama.Projection.DOWN;
import static org.eegvlm.llama.Projection.GATE;
import static org.eegvlm.llama.Projection.K;
import static org.eegvlm.llama.Projection.O;
import static org.eegvlm.llama.Projection.Q;
import static org.eegvlm.llama.Projection.UP;
import static org.eegvlm.llama.Projection.V;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.llama.vector.Arrangement;
import org.eegvlm.llama.vector.GroupedAttention;
import org.eegvlm.llama.vector.GroupedAttention.Found;
import org.eegvlm.llama.vector.VectorFunctions;
import org.eegvlm.llama.vector.Workers;

/**
 * One token more for a few rows, in Java: from embeddings to logits as {@code extend} and {@code logits} of
 * {@code llama.kernels.py}, with activations in fp32. One call at a time.
 *
 * <p>Every worker goes through all layers. What is short (norms, rotation, SwiGLU) each computes for itself; the rows of
 * a matrix and the slots of the cache they share out; and they meet where one needs what others computed.
 */
final class DecodingStep {

    private final LlamaConfig config;
    private final DecodingWeights weights;
    private final Workers workers;
    private final GroupedAttention attention;
    private final float[] frequencies;
    private final float queryScale;

    DecodingStep(LlamaConfig config, DecodingWeights weights, Workers workers) {
        this.config = config;
        this.weights = weights;
        this.workers = workers;
        var shape = config.attention();
        boolean paired = weights.embedding().arrangement().paired();
        attention = new GroupedAttention(
                shape.heads(), shape.keyValueHeads(), new Arrangement(paired, shape.headDimension()));
        frequencies = config.rope().inverseFrequencies(shape.headDimension());
        queryScale = (float) (1 / Math.sqrt(shape.headDimension()));
    }

    /**
     * Writes the tokens' keys and values into the cache.
     *
     * @param tokens one a row
     * @param starts the slot of each
     * @return logits [B][V] of what follows them
     */
    float[][] logits(long[] tokens, long[] starts, KvCache.Mapped cache) {
        var shared = new Shared(tokens, starts);
        workers.run(number -> new Worker(number, shared, cache).compute());
        return shared.logits;
    }

    private static float[][] vectors(int rows, int numbers) {
        return new float[rows][VectorFunctions.padded(numbers)];
    }

    /** What all workers see, [B][..]: each number is written by one of them, between two meetings. */
    private final class Shared {

        private final int[] slots;
        private final Rotation[] rotations;
        private final float[][] x;
        private final float[][] q;
        private final float[][] k;
        private final float[][] v;
        private final float[][] gate;
        private final float[][] up;
        private final float[][] logits;
        private final float[][][] narrow = new float[Projection.values().length][][];
        private final List<List<Found>> found;

        Shared(long[] tokens, long[] starts) {
            int rows = tokens.length;
            slots = Arrays.stream(starts).mapToInt(Math::toIntExact).toArray();
            rotations = Arrays.stream(starts)
                    .mapToObj(start -> Rotation.of(start, frequencies))
                    .toArray(Rotation[]::new);
            x = vectors(rows, config.hiddenSize());
            q = vectors(rows, config.attention().queryWidth());
            k = vectors(rows, config.attention().keyValueWidth());
            v = vectors(rows, config.attention().keyValueWidth());
            gate = vectors(rows, config.intermediateSize());
            up = vectors(rows, config.intermediateSize());
            logits = new float[rows][config.vocabularySize()];
            Arrays.setAll(narrow, i -> vectors(rows, weights.largestRank()));
            found = IntStream.range(0, rows)
                    .mapToObj(row -> IntStream.range(0, workers.count())
                            .mapToObj(worker -> new Found(attention))
                            .toList())
                    .toList();
            for (int row = 0; row < rows; row++) {
                weights.embedding().row(Math.toIntExact(tokens[row]), x[row]);
            }
        }
    }

    /** One of them, with what it alone sees. */
    private final class Worker {

        private final int number;
        private final Shared shared;
        private final KvCache.Mapped cache;
        private final SharedProducts products;
        private final int[] tile = new int[weights.largestTile()];
        private final float[][] operand;
        private final float[] turned =
                new float[VectorFunctions.padded(config.attention().queryWidth())];
        private final float[] queries = new float[attention.queryLength()];

        Worker(int number, Shared shared, KvCache.Mapped cache) {
            this.number = number;
            this.shared = shared;
            this.cache = cache;
            int widest =
                    Math.max(config.attention().queryWidth(), Math.max(config.hiddenSize(), config.intermediateSize()));
            operand = vectors(shared.slots.length, widest);
            products = new SharedProducts(workers, tile, shared.narrow);
        }

        void compute() {
            for (int l = 0; l < config.layers(); l++) {
                var layer = weights.layers().get(l);
                normalise(layer.inputNorm());
                products.put(layer.projected(Q, K, V), operand, shared.q, shared.k, shared.v);
                workers.meet();
                attend(l);
                workers.meet();
                join();
                products.add(layer.projected(O), operand, shared.x);
                workers.meet();
                normalise(layer.postAttentionNorm());
                products.put(layer.projected(GATE, UP), operand, shared.gate, shared.up);
                workers.meet();
                activate();
                products.add(layer.projected(DOWN), operand, shared.x);
                workers.meet();
            }
            normalise(weights.norm());
            products.put(List.of(weights.head()), operand, shared.logits);
        }

        private void normalise(float[] weight) {
            for (int row = 0; row < operand.length; row++) {
                VectorFunctions.rmsNorm(
                        shared.x[row], config.hiddenSize(), weight, config.rmsNormEpsilon(), operand[row]);
            }
        }

        /** Each worker attends to a share of every row's slots; the last one's ends with the new token. */
        private void attend(int layer) {
            var keys = cache.keys().get(layer);
            var values = cache.values().get(layer);
            var shape = config.attention();
            for (int row = 0; row < shared.slots.length; row++) {
                int before = row * cache.slots();
                int seen = shared.slots[row] + 1;
                int from = share(seen, number);
                int end = share(seen, number + 1);
                var rotation = shared.rotations[row];
                if (end == seen) {
                    rotation.turn(shared.k[row], shape.keyValueHeads(), 1, turned);
                    keys.write(before + shared.slots[row], turned, tile);
                    values.write(before + shared.slots[row], shared.v[row], tile);
                }
                rotation.turn(shared.q[row], shape.heads(), queryScale, turned);
                for (int head = 0; head < shape.heads(); head++) {
                    int width = shape.headDimension();
                    attention
                            .part()
                            .arrange(
                                    turned,
                                    head * width,
                                    queries,
                                    head * attention.part().length());
                }
                attention.attend(
                        keys,
                        values,
                        before + from,
                        end - from,
                        queries,
                        shared.found.get(row).get(number),
                        tile);
            }
        }

        private int share(int slots, int worker) {
            return (int) ((long) slots * worker / workers.count());
        }

        private void join() {
            for (int row = 0; row < operand.length; row++) {
                attention.join(shared.found.get(row), operand[row]);
            }
        }

        private void activate() {
            for (int row = 0; row < operand.length; row++) {
                VectorFunctions.swiGlu(shared.gate[row], shared.up[row], config.intermediateSize(), operand[row]);
            }
        }
    }
}
