package org.eegvlm.kernels;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** How many threads libtorch computes with on the processor: one number for the whole process. */
public final class TorchThreads {

    private TorchThreads() {}

    /**
     * As many as OpenMP would take, but no more than a control group's share of the processors: it does not see that. Starts
     * libtorch with them, if nobody has, so that the same computation gives the same bits in whichever process.
     */
    public static int usual() {
        return AtStart.THREADS;
    }

    /** From now on, for the thread that says so and those that have not computed yet; the usual number stays known. */
    public static void use(int threads) {
        usual();
        JniUtils.setNumThreads(threads);
    }

    /** Asked of libtorch when it is first needed. */
    private static final class AtStart {

        static final int THREADS = threads();

        /** Says even its own number: until it is told one, MKL takes fewer threads as it sees fit, and sums in other orders. */
        private static int threads() {
            Engine.getEngine(TorchDevice.ENGINE);
            int threads =
                    Math.min(JniUtils.getNumThreads(), Runtime.getRuntime().availableProcessors());
            JniUtils.setNumThreads(threads);
            return threads;
        }
    }
}
