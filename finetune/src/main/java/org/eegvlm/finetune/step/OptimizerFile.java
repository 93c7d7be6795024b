package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorSpec;

/**
 * An optimiser's whole state in a safetensors file: both moments of every parameter, and the number of steps.
 *
 * <p>One moment after another is on the heap: all of them together may be larger.
 */
final class OptimizerFile {

    private static final String STEP = "step";
    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private OptimizerFile() {}

    static void write(Path file, AdamW optimizer) throws IOException {
        var moments = moments(optimizer);
        var layout = new LinkedHashMap<String, TensorSpec>();
        moments.forEach((name, moment) -> layout.put(name, new TensorSpec("F32", shape(moment))));
        var metadata = Map.of(STEP, Long.toString(optimizer.step()));
        try (var writer = SafetensorsWriter.create(file, layout, metadata)) {
            for (var entry : moments.entrySet()) {
                var moment = entry.getValue();
                writer.put(entry.getKey(), TensorData.f32(Tensors.floats(moment), shape(moment)));
            }
        }
    }

    static void restore(Path file, AdamW optimizer) throws IOException {
        var saved = SafetensorsFile.open(file);
        optimizer.restoreStep(step(saved));
        for (var entry : moments(optimizer).entrySet()) {
            entry.getValue().set(saved.floats(entry.getKey()));
        }
    }

    private static long step(SafetensorsFile file) throws MalformedDataException {
        var step = file.metadata().getOrDefault(STEP, "");
        if (!step.matches("\\d{1,18}")) {
            throw new MalformedDataException(file.path(), "metadata", "'%s' is no number of steps".formatted(step));
        }
        return Long.parseLong(step);
    }

    /** By the names that they have in the file. */
    private static Map<String, NDArray> moments(AdamW optimizer) {
        var moments = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < optimizer.firstMoments().size(); i++) {
            moments.put(FIRST + i, optimizer.firstMoments().get(i));
            moments.put(SECOND + i, optimizer.secondMoments().get(i));
        }
        return moments;
    }

    private static long[] shape(NDArray moment) {
        return moment.getShape().getShape();
    }
}
