package org.eegvlm.vision.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageEncoder;

/** An exported network in ONNX Runtime. */
final class OnnxNetwork implements StageEncoder {

    private final NetworkConfig network;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /**
     * @param device {@code cpu} or {@code cuda:N}
     * @throws IllegalArgumentException if ONNX Runtime cannot read the file, or compute on this device
     */
    OnnxNetwork(Path file, NetworkConfig network, String device, int threads) {
        this.network = network;
        try (var options = new OrtSession.SessionOptions()) {
            // Waiting threads must sleep: spinning ones starve the working ones on shared cores.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setIntraOpNumThreads(threads);
            Devices.choose(options, device);
            session = environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw new IllegalArgumentException("ONNX Runtime cannot open %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** What the file says of itself. */
    Optional<String> metadata(String key) {
        try {
            return session.getMetadata().getCustomMetadataValue(key);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Output apply(PictureBatch pictures) {
        network.requireFor(pictures);
        var shape = new long[] {pictures.count(), network.channels(), network.inputSize(), network.inputSize()};
        try (var input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pictures.values()), shape);
                var results = session.run(Map.of(OnnxModel.PICTURES, input))) {
            return new Output(floats(results, OnnxModel.FEATURES), floats(results, OnnxModel.LOGITS));
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed on %d pictures".formatted(pictures.count()), e);
        }
    }

    private static float[] floats(OrtSession.Result results, String name) {
        var tensor = (OnnxTensor) results.get(name).orElseThrow();
        var buffer = tensor.getFloatBuffer();
        var values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
