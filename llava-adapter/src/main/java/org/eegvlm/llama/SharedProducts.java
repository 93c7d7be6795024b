package org.eegvlm.llama;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.llama.DecodingWeights.Projected;
import org.eegvlm.llama.vector.Arrangement;
import org.eegvlm.llama.vector.MappedMatrix;
import org.eegvlm.llama.vector.Workers;

/**
 * Products of several weights with the same few vectors, x W' + scaling (x A') B', which the workers share out tile by
 * tile. Each worker has one of its own.
 */
final class SharedProducts {

    private final Workers workers;
    private final int[] tile;
    private final float[][][] narrow;
    private float[] sums = new float[0];
    private final Map<Arrangement, float[][]> operands = new HashMap<>();

    /**
     * @param tile for this worker alone
     * @param narrow for all: room for {@code scaling x A'} of several weights, [weight][B][rank]
     */
    SharedProducts(Workers workers, int[] tile, float[][][] narrow) {
        this.workers = workers;
        this.tile = tile;
        this.narrow = narrow;
    }

    /** Puts what comes out into {@code results}, [B][out] for each weight; it is there when the workers meet next. */
    void put(List<Projected> weights, float[][] x, float[][]... results) {
        multiply(weights, x, false, results);
    }

    /** Adds it to what is there. */
    void add(List<Projected> weights, float[][] x, float[][]... results) {
        multiply(weights, x, true, results);
    }

    private void multiply(List<Projected> weights, float[][] x, boolean add, float[][]... results) {
        if (weights.stream().anyMatch(weight -> weight.update().isPresent())) {
            narrow(weights, x);
            workers.meet();
        }
        var operand = arranged(weights.get(0).weight().arrangement(), x);
        var stretches = new Stretches(workers);
        for (int i = 0; i < weights.size(); i++) {
            var weight = weights.get(i).weight();
            var update = weights.get(i).update();
            while (stretches.next(weight.tiles())) {
                for (int number = stretches.first(); number < stretches.end(); number++) {
                    int first = number * weight.tileRows();
                    int rows = weight.rowsOf(number);
                    multiply(weight, first, rows, operand, 1, results[i], add);
                    if (update.isPresent()) {
                        multiply(update.get().up(), first, rows, narrow[i], 1, results[i], true);
                    }
                }
            }
        }
    }

    private void narrow(List<Projected> weights, float[][] x) {
        var stretches = new Stretches(workers);
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i).update().isPresent()) {
                var update = weights.get(i).update().get();
                var down = update.down();
                while (stretches.next(down.tiles())) {
                    for (int number = stretches.first(); number < stretches.end(); number++) {
                        int first = number * down.tileRows();
                        multiply(down, first, down.rowsOf(number), x, update.scaling(), narrow[i], false);
                    }
                }
            }
        }
    }

    private void multiply(
            MappedMatrix matrix, int first, int rows, float[][] x, float factor, float[][] results, boolean add) {
        sums = sums.length < rows ? new float[rows] : sums;
        matrix.read(first, rows, tile);
        for (int b = 0; b < x.length; b++) {
            matrix.products(tile, rows, x[b], sums);
            var result = results[b];
            for (int row = 0; row < rows; row++) {
                float product = factor * sums[row];
                result[first + row] = add ? result[first + row] + product : product;
            }
        }
    }

    private float[][] arranged(Arrangement arrangement, float[][] x) {
        if (!arrangement.paired()) {
            return x;
        }
        var arranged = operands.computeIfAbsent(arrangement, key -> new float[x.length][key.length()]);
        for (int b = 0; b < x.length; b++) {
            arrangement.arrange(x[b], 0, arranged[b], 0);
        }
        return arranged;
    }
}
