package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;

/**
 * Brings one network's features into another's space: {@code y = Wx + b}. It lies beside the weights of a fold model, in
 * {@code alignment.safetensors}, and belongs to the network from then on.
 *
 * @param weight W, [width, width] in C order
 * @param bias b, [width]
 */
record Alignment(float[] weight, float[] bias) {

    static final String FILE = "alignment.safetensors";

    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    Alignment {
        require(
                weight.length == bias.length * bias.length,
                "%d weights do not fit a bias of %d".formatted(weight.length, bias.length));
    }

    /** Of a model folder; a network that was never aligned has none. */
    static Optional<Alignment> in(Path model) throws IOException {
        var path = model.resolve(FILE);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        var file = SafetensorsFile.open(path);
        for (var name : new String[] {WEIGHT, BIAS}) {
            if (!file.tensors().containsKey(name)) {
                throw new MalformedDataException(path, "it has no tensor '%s'".formatted(name));
            }
        }
        var bias = file.floats(BIAS);
        if (!Arrays.equals(file.tensor(WEIGHT).shape(), new long[] {bias.length, bias.length})) {
            throw new MalformedDataException(
                    path,
                    "'%s' has shape %s, but '%s' has %d numbers"
                            .formatted(
                                    WEIGHT, Arrays.toString(file.tensor(WEIGHT).shape()), BIAS, bias.length));
        }
        return Optional.of(new Alignment(file.floats(WEIGHT), bias));
    }

    void write(Path file) throws IOException {
        int width = bias.length;
        SafetensorsWriter.write(
                file,
                Map.of(WEIGHT, TensorData.f32(weight, width, width), BIAS, TensorData.f32(bias, width)),
                Map.of());
    }

    /** @throws IllegalArgumentException if the row has another width */
    float[] apply(float[] row) {
        int width = bias.length;
        require(row.length == width, "%d features, but an alignment of %d".formatted(row.length, width));
        var aligned = new float[width];
        for (int i = 0; i < width; i++) {
            double sum = bias[i];
            int start = i * width;
            for (int j = 0; j < width; j++) {
                sum += (double) weight[start + j] * row[j];
            }
            aligned[i] = (float) sum;
        }
        return aligned;
    }
}
