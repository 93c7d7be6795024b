package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.vision.engine.MemoryNeed;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.VisionEngine;

/** ONNX Runtime: computes what {@link OnnxExport} has written, and trains nothing. */
public final class OnnxEngine implements VisionEngine {

    static final String NAME = "onnx";

    /** Fitted, as its backbones' counts are, to ResNet-18, ConvNeXt-Tiny and ViT-S of 112 and 224 pixels, 1 to 64 at once. */
    private static final long PROGRAM = 140L << 20;

    private int threads = usualThreads();

    @Override
    public String name() {
        return NAME;
    }

    /** Of the networks that are opened then. */
    @Override
    public void useThreads(int count) {
        threads = count;
    }

    @Override
    public MemoryNeed encodingNeed(Path folder, NetworkConfig network) throws IOException {
        long numbers = network.pictureNumbers()
                + OnnxBackbone.named(network.architecture()).widest(network);
        return new MemoryNeed(PROGRAM + Files.size(folder.resolve(WEIGHTS)), Float.BYTES * numbers);
    }

    /** Of a GPU ONNX Runtime does not tell it. */
    @Override
    public Optional<MemoryAtHand> memoryAtHand(String device) {
        return device.equals(Devices.CPU) ? MemoryAtHand.now() : Optional.empty();
    }

    @Override
    public StageEncoder open(Path folder, NetworkConfig network, String device) throws IOException {
        var file = folder.resolve(OnnxExport.FILE);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "%s has no %s; write one with export-onnx --vision %s".formatted(folder, OnnxExport.FILE, folder));
        }
        var weights = Optional.of(Sha256.of(folder.resolve(WEIGHTS)));
        var opened = new OnnxNetwork(file, network, device, threads);
        try {
            if (!opened.metadata(OnnxExport.WEIGHTS_SHA256).equals(weights)) {
                throw new IllegalArgumentException(
                        "%s was not exported from the weights beside it; write it anew with export-onnx --overwrite"
                                .formatted(file));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }
}
