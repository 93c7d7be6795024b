package org.eegvlm.vision.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eegvlm.kernels.KernelSource;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.SelectiveScan;
import org.jspecify.annotations.Nullable;

/** A whole backbone as one kernel: {@code method(pictures, weights, training, settings...)} gives [N, width]. */
final class KernelBlock extends AbstractBlock {

    /** So ends the name of a batch norm's statistic: the kernel moves it in training, no gradient does. */
    private static final Pattern STATISTIC = Pattern.compile(".*\\.running_(mean|var)");

    private static final Map<Device, Kernels> KERNELS = new ConcurrentHashMap<>();

    private final String method;
    private final List<Parameter> weights;
    private final int width;
    private final List<Object> settings;

    /**
     * @param weights names and shapes, in the order in which the kernel takes them
     * @param settings what the kernel takes after them
     */
    KernelBlock(String method, Map<String, Shape> weights, int width, Object... settings) {
        this.method = method;
        this.weights = weights.entrySet().stream()
                .map(entry -> addParameter(weight(entry.getKey(), entry.getValue())))
                .toList();
        this.width = width;
        this.settings = List.of(settings);
    }

    /** Zeros until {@link FirstWeights}, or a file, gives values. */
    private static Parameter weight(String name, Shape shape) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optInitializer(Initializer.ZEROS)
                .optShape(shape)
                .optRequiresGrad(!STATISTIC.matcher(name).matches())
                .build();
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList input, boolean training, @Nullable PairList<String, Object> params) {
        var pictures = input.singletonOrThrow();
        var device = pictures.getDevice();
        List<NDArray> values = weights.stream()
                .map(weight -> store.getValue(weight, device, training))
                .toList();
        var arguments = new ArrayList<Object>(List.of(pictures, values, training));
        arguments.addAll(settings);
        var kernels = kernels(device);
        return new NDList(
                training ? kernels.recorded(method, arguments.toArray()) : kernels.tensor(method, arguments.toArray()));
    }

    /** One compiled set for each device, kept for the life of the process: it holds no tensor. */
    private static Kernels kernels(Device device) {
        return KERNELS.computeIfAbsent(
                device,
                key -> Kernels.load(
                        key,
                        SelectiveScan.SOURCE,
                        new KernelSource(KernelBlock.class, "resnet.kernels.py"),
                        new KernelSource(KernelBlock.class, "convnext.kernels.py"),
                        new KernelSource(KernelBlock.class, "vit.kernels.py"),
                        new KernelSource(KernelBlock.class, "vim.kernels.py")));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), width)};
    }
}
