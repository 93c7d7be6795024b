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

    /** Runs {@code method} with grad mode as given; the thread's own grad mode is restored. */
    public static IValue run(PtSymbolBlock module, String method, boolean gradients, IValue[] arguments) {
        var handles = new long[arguments.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = arguments[i].getHandle();
        }
        var torch = PyTorchLibrary.LIB;
        boolean before = torch.torchIsGradMode();
        torch.torchSetGradMode(gradients);
        // Thread-local in libtorch: the profiling executor re-specialises for every new shape, which costs seconds.
        torch.setGraphExecutorOptimize(false);
        try {
            return new IValue(torch.moduleRunMethod(module.getHandle(), method, handles, true, false));
        } finally {
            torch.torchSetGradMode(before);
        }
    }
}
