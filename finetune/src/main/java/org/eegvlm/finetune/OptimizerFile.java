package org.eegvlm.finetune;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;

/** An optimiser's whole state in a safetensors file: both moments of every parameter, and the number of steps. */
final class OptimizerFile {

    private static final String STEP = "step";
    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private OptimizerFile() {}

    static void write(Path file, AdamW optimizer) throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        put(tensors, FIRST, optimizer.firstMoments());
        put(tensors, SECOND, optimizer.secondMoments());
        SafetensorsWriter.write(file, tensors, Map.of(STEP, Long.toString(optimizer.step())));
    }

    static void restore(Path file, AdamW optimizer) throws IOException {
        var saved = SafetensorsFile.open(file);
        int parameters = optimizer.firstMoments().size();
        optimizer.restore(moments(saved, FIRST, parameters), moments(saved, SECOND, parameters), step(saved));
    }

    private static long step(SafetensorsFile file) throws MalformedDataException {
        var step = file.metadata().getOrDefault(STEP, "");
        if (!step.matches("\\d{1,18}")) {
            throw new MalformedDataException(file.path(), "metadata", "'%s' is no number of steps".formatted(step));
        }
        return Long.parseLong(step);
    }

    private static void put(Map<String, TensorData> tensors, String prefix, List<NDArray> moments) {
        for (int i = 0; i < moments.size(); i++) {
            var moment = moments.get(i);
            tensors.put(
                    prefix + i,
                    TensorData.f32(Tensors.floats(moment), moment.getShape().getShape()));
        }
    }

    private static List<float[]> moments(SafetensorsFile file, String prefix, int parameters) throws IOException {
        var moments = new float[parameters][];
        for (int i = 0; i < parameters; i++) {
            moments[i] = file.floats(prefix + i);
        }
        return List.of(moments);
    }
}
