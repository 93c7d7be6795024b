package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.MethodCall;
import ai.djl.pytorch.jni.MethodCall.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of kernels: TorchScript methods, written as plain readable Python in a resource file and called by name.
 *
 * <p>The file holds {@code def}s without indentation, each with {@code self} first and typed parameters. What TorchScript
 * takes and what not is told in the engine decision under {@code docs/decisions/}. Errors in a kernel come with its line.
 *
 * <p>Arguments may be {@link NDArray} (Tensor), {@code List<NDArray>} (List[Tensor]), {@code long[]} (List[int]),
 * {@code Integer} and {@code Long} (int), {@code Float} and {@code Double} (float), {@code Boolean} and {@code String}.
 *
 * <p>Autograd is off, except in methods whose name ends in {@code _vjp}: those compute gradients by {@code torch.grad}
 * and return them; and in {@link #recorded}. Results belong to the innermost open {@link ai.djl.ndarray.NDScope}; without one, to the caller,
 * who closes them. Several threads may call at once.
 */
public final class Kernels implements AutoCloseable {

    private static final String GRADIENT_SUFFIX = "_vjp";

    private final PtNDManager manager;
    private final PtSymbolBlock module;

    private Kernels(PtNDManager manager, PtSymbolBlock module) {
        this.manager = manager;
        this.module = module;
    }

    /**
     * Compiles the kernels of a resource file.
     *
     * @param owner the class beside which the resource lies
     * @throws IllegalStateException if the resource is missing or does not compile: both are bugs
     */
    public static Kernels load(Device device, Class<?> owner, String resource) {
        return load(device, new KernelSource(owner, resource));
    }

    /**
     * Compiles the kernels of several resource files together; they may call each other by {@code self.name(..)}.
     *
     * @throws IllegalStateException if a resource is missing or does not compile: both are bugs
     */
    public static Kernels load(Device device, KernelSource... sources) {
        return load(Processor.HERE, device, sources);
    }

    static Kernels load(Processor processor, Device device, KernelSource... sources) {
        TorchThreads.usual(); // starts the engine: without that the native library is not loaded
        var text = Arrays.stream(sources)
                .map(KernelSource::text)
                .collect(Collectors.joining("\n", processor.kernel(), ""));
        try (var archive = new ByteArrayInputStream(TorchScriptArchive.pack(text))) {
            var manager = (PtNDManager) NDManager.newBaseManager(device, TorchDevice.ENGINE);
            return new Kernels(manager, JniUtils.loadModule(manager, archive, false, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Device device() {
        return manager.getDevice();
    }

    /** Makes tensors on this set's device; they belong to the innermost open scope, as results do. */
    public NDManager manager() {
        return manager;
    }

    /** Calls a kernel that returns one tensor. */
    public NDArray tensor(String method, Object... arguments) {
        try (var result = call(mode(method), method, arguments)) {
            return result.toTensor(manager);
        }
    }

    /** The same in inference mode: quicker for many small operations; its result can never take part in a gradient. */
    public NDArray inference(String method, Object... arguments) {
        try (var result = call(Mode.INFERENCE, method, arguments)) {
            return result.toTensor(manager);
        }
    }

    /** The same with autograd on: a part of a gradient that the caller takes, such as a layer of a DJL block in training. */
    public NDArray recorded(String method, Object... arguments) {
        try (var result = call(Mode.GRADIENT, method, arguments)) {
            return result.toTensor(manager);
        }
    }

    /** Calls a kernel that returns a list or a tuple of tensors. */
    public List<NDArray> tensors(String method, Object... arguments) {
        try (var result = call(mode(method), method, arguments)) {
            return unwrapAll(result);
        }
    }

    /** The same with autograd on: what the kernel recorded goes with its tensors, for another kernel to go back through. */
    public List<NDArray> recordedTensors(String method, Object... arguments) {
        try (var result = call(Mode.GRADIENT, method, arguments)) {
            return unwrapAll(result);
        }
    }

    /** Calls a kernel for its effect on its arguments. */
    public void run(String method, Object... arguments) {
        call(mode(method), method, arguments).close();
    }

    private List<NDArray> unwrapAll(IValue result) {
        if (result.isTensorList()) {
            return List.of(result.toTensorArray(manager));
        }
        var items = result.isTuple() ? result.toIValueTuple() : result.toIValueArray();
        return Arrays.stream(items).map(this::unwrap).toList();
    }

    private NDArray unwrap(IValue item) {
        try (item) {
            return item.toTensor(manager);
        }
    }

    private static Mode mode(String method) {
        return method.endsWith(GRADIENT_SUFFIX) ? Mode.GRADIENT : Mode.NO_GRADIENT;
    }

    private IValue call(Mode mode, String method, Object... arguments) {
        var values = new IValue[arguments.length];
        int made = 0;
        try {
            for (; made < values.length; made++) {
                values[made] = wrap(arguments[made]);
            }
            return MethodCall.run(module, method, mode, values);
        } finally {
            for (int i = 0; i < made; i++) {
                values[i].close();
            }
        }
    }

    private static IValue wrap(Object argument) {
        if (argument instanceof NDArray tensor) {
            return IValue.from((PtNDArray) tensor);
        } else if (argument instanceof List<?> tensors) {
            return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
        } else if (argument instanceof long[] integers) {
            return IValue.listFrom(integers);
        } else if (argument instanceof Integer || argument instanceof Long) {
            return IValue.from(((Number) argument).longValue());
        } else if (argument instanceof Float || argument instanceof Double) {
            return IValue.from(((Number) argument).doubleValue());
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag);
        } else if (argument instanceof String text) {
            return IValue.from(text);
        }
        throw new IllegalArgumentException("no kernel takes a " + argument.getClass());
    }

    @Override
    public void close() {
        module.close();
        manager.close();
    }
}
