package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionCard;
import org.eegvlm.vision.contract.GoldenNetwork;
import org.eegvlm.vision.contract.VisionEncoderContract;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.render.RenderSpec;

/** An engine that only encodes, of what was exported before. */
abstract class OnnxContract extends VisionEncoderContract {

    OnnxContract(GoldenNetwork golden) {
        super(new OnnxEngine(), golden);
    }

    @Override
    protected void complete(NetworkConfig network) throws IOException {
        OnnxExport.run(folder, network, true);
    }

    /** Of a model that nobody has trained. */
    static void writeCard(Path folder, NetworkConfig network) throws IOException {
        var card = new VisionCard(
                network,
                Picture.DEFAULT.withSize(network.inputSize()),
                Schedule.DEFAULT,
                0,
                RenderSpec.DEFAULT,
                RenderSpec.DEFAULT.sha256(),
                "a-manifest",
                List.of(),
                List.of(),
                true,
                Optional.empty(),
                Optional.empty());
        Json.write(folder.resolve("config.json"), card);
    }
}
