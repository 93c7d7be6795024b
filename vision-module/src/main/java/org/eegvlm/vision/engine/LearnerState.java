package org.eegvlm.vision.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorSpec;

/**
 * The file of a {@link StageLearner}'s state, the same for every engine: the weights, AdamW's moments of those that are
 * trained, the moving averages if there are any, each under its name in PyTorch after one of these words, and the step.
 */
public final class LearnerState {

    public static final String MODEL = "model.";
    public static final String FIRST_MOMENT = "first_moment.";
    public static final String SECOND_MOMENT = "second_moment.";
    public static final String AVERAGE = "average.";

    private static final String STEP = "step";

    private LearnerState() {}

    /**
     * Writes one tensor after the other, as they are three times the network or more.
     *
     * @param shapes of all tensors, by name
     * @param values of the tensor of a name, in C order
     * @param words metadata of the file
     */
    public static void write(
            Path file,
            Map<String, long[]> shapes,
            Function<String, float[]> values,
            long step,
            Map<String, String> words)
            throws IOException {
        var layout = new LinkedHashMap<String, TensorSpec>();
        shapes.forEach((name, shape) -> layout.put(name, new TensorSpec("F32", shape)));
        layout.put(STEP, new TensorSpec("I64", 1));
        try (var writer = SafetensorsWriter.create(file, layout, words)) {
            for (var entry : shapes.entrySet()) {
                writer.put(entry.getKey(), TensorData.f32(values.apply(entry.getKey()), entry.getValue()));
            }
            writer.put(STEP, TensorData.i64(new long[] {step}, 1));
        }
    }

    /** @throws MalformedDataException if the file has none */
    public static long step(SafetensorsFile state) throws IOException {
        requireTensor(state, STEP);
        return state.map(STEP).getLong(0);
    }

    /**
     * A tensor of a state, or of a weights file.
     *
     * @throws MalformedDataException if it is missing or has another shape
     */
    public static float[] floats(SafetensorsFile file, String name, long... shape) throws IOException {
        requireTensor(file, name);
        long[] stored = file.tensor(name).shape();
        if (!Arrays.equals(stored, shape)) {
            throw new MalformedDataException(
                    file.path(),
                    "tensor '%s' has shape %s, expected %s"
                            .formatted(name, Arrays.toString(stored), Arrays.toString(shape)));
        }
        return file.floats(name);
    }

    private static void requireTensor(SafetensorsFile file, String name) throws MalformedDataException {
        if (!file.tensors().containsKey(name)) {
            throw new MalformedDataException(file.path(), "it has no tensor '%s'".formatted(name));
        }
    }
}
