package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * Calls a named method of a TorchScript module.
 *
 * <p>It lives in DJL's package because the native entry point is package-private there; DJL's own public way in knows
 * only {@code forward}, and only inside inference mode, whose tensors can never take part in a gradient.
 */
public final class MethodCall {

    private MethodCall() {}

    /** What may become of a method's results. */
    public enum Mode {
        /** Quickest; they can never take part in a gradient. */
        INFERENCE,
        /** They may enter a later gradient as they are; nothing on the way is recorded. */
        NO_GRADIENT,
        /** The method takes gradients itself. */
        GRADIENT
    }

    /** Runs {@code method}; the thread's own grad mode is restored. */
    public static IValue run(PtSymbolBlock module, String method, Mode mode, IValue[] arguments) {
        var handles = new long[arguments.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = arguments[i].getHandle();
        }
        var torch = PyTorchLibrary.LIB;
        boolean before = torch.torchIsGradMode();
        torch.torchSetGradMode(mode == Mode.GRADIENT);
        // Thread-local in libtorch: the profiling executor re-specialises for every new shape, which costs seconds.
        torch.setGraphExecutorOptimize(false);
        try {
            return new IValue(
                    torch.moduleRunMethod(module.getHandle(), method, handles, mode != Mode.INFERENCE, false));
        } finally {
            torch.torchSetGradMode(before);
        }
    }
}
