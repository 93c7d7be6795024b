package org.eegvlm.llama;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.llama.vector.Workers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A decoder's steps in Java, one at a time, so that several answers take turns and nothing is closed while it is read.
 * Weights are looked up when the first step is asked for, and again after they changed.
 */
final class DecodingSteps {

    private static final Logger log = LoggerFactory.getLogger(DecodingSteps.class);

    /** More rows at once are quicker as torch's matrix products, which in fp32 are as quick for one row already. */
    private static final int MOST_ROWS_BFLOAT16 = 8;

    private static final int MOST_ROWS_FLOAT32 = 1;

    private final LlamaConfig config;
    private final int mostRows;
    private final Supplier<DecodingWeights> weights;
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable DecodingStep step;
    private boolean closed;

    DecodingSteps(LlamaConfig config, DataType type, Supplier<DecodingWeights> weights) {
        this.config = config;
        mostRows = type == DataType.BFLOAT16 ? MOST_ROWS_BFLOAT16 : MOST_ROWS_FLOAT32;
        this.weights = weights;
    }

    /** Whether Java can compute with such weights here; where only this JVM's options are in the way, the log tells. */
    static boolean possible(LlamaConfig config, List<DecoderStage> stages, DataType type, boolean quantized) {
        boolean suitable = stages.stream().noneMatch(stage -> stage.device().isGpu())
                && !quantized
                && (type == DataType.FLOAT32 || type == DataType.BFLOAT16 && evenWidths(config))
                && DecodingWeights.fits((long) config.vocabularySize() * config.hiddenSize(), type)
                && DecodingWeights.fits((long) config.intermediateSize() * config.hiddenSize(), type);
        if (suitable && !Workers.canCompute()) {
            MissingVectors.tell();
        }
        return suitable && Workers.canCompute();
    }

    private static boolean evenWidths(LlamaConfig config) {
        return config.hiddenSize() % 2 == 0 && config.intermediateSize() % 2 == 0;
    }

    /** Whether they are the quicker way for so many rows. */
    boolean take(int rows, KvCache cache) {
        return rows <= mostRows && cache.mappable();
    }

    /** @throws IllegalStateException if the decoder is closed */
    float[][] logits(long[] tokens, long[] starts, KvCache cache) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the decoder is closed");
            }
            if (step == null) {
                step = new DecodingStep(config, weights.get(), TheWorkers.ALL);
            }
            return step.logits(tokens, starts, cache.mapped());
        } finally {
            turn.unlock();
        }
    }

    /** Does what changes weights or adapter, between two steps. */
    void change(Runnable change) {
        turn.lock();
        try {
            step = null;
            change.run();
        } finally {
            turn.unlock();
        }
    }

    /** Closes what steps read, behind the last of them. */
    void close(Runnable close) {
        change(() -> {
            closed = true;
            close.run();
        });
    }

    /** As many as the engine's threads, for all decoders of the process. */
    private static final class TheWorkers {
        private static final Workers ALL = new Workers(TorchDevice.threads());
    }

    /** Loaded, and so told, once. */
    private static final class MissingVectors {
        static {
            log.info("single tokens are decoded by torch; started with --add-modules jdk.incubator.vector, Java does it"
                    + " quicker");
        }

        static void tell() {}
    }
}
