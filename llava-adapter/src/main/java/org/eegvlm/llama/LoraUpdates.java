package org.eegvlm.llama;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.checkpoint.TensorParts;
import org.eegvlm.checkpoint.TensorPlan;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.MatrixProducts;
import org.eegvlm.kernels.Nf4Weight;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llama.LoraLayout.LoraTensor;

/**
 * What an adapter adds to the weights of its base: {@code W + scaling · B · A}, in float32.
 *
 * <p>Every pair is read when the turn of its weight comes: an adapter of any size needs the memory of one pair.
 */
public final class LoraUpdates implements AutoCloseable {

    private final PeftFolder.Tensors tensors;
    private final double scaling;
    private final Map<String, List<LoraTensor>> pairs = new HashMap<>();
    private final Kernels kernels =
            Kernels.load(Device.cpu(), MatrixProducts.SOURCE, Nf4Weight.SOURCE, LlamaDecoder.KERNELS);

    private LoraUpdates(PeftFolder.Tensors tensors, LoraConfig config, List<LoraTensor> layout) {
        this.tensors = tensors;
        this.scaling = config.scaling();
        for (int i = 0; i < layout.size(); i += 2) {
            pairs.put(layout.get(i).weight(), layout.subList(i, i + 2));
        }
    }

    /**
     * @param folder of an adapter, as PEFT writes it
     * @param model the decoder of its base
     * @throws org.eegvlm.core.MalformedDataException if its files do not fit each other
     */
    public static LoraUpdates open(Path folder, LlamaConfig model) throws IOException {
        var config = PeftFolder.readConfig(folder);
        var layout = LoraLayout.of(config, model);
        return new LoraUpdates(PeftFolder.open(folder, layout), config, layout);
    }

    /** Plans a tensor of the base: with its update where it has one, else as it is. */
    public void take(TensorPlan plan, String name) throws IOException {
        var pair = pairs.get(name);
        if (pair == null) {
            plan.copy(name);
        } else {
            plan.change(name, () -> new Update(pair));
        }
    }

    @Override
    public void close() {
        kernels.close();
    }

    /** The update of one weight [out, in]. */
    private final class Update implements TensorParts.Change {

        private final NDManager manager = NDManager.newBaseManager(Device.cpu(), LlamaDecoder.ENGINE);
        private final NDArray down;
        private final NDArray up;

        Update(List<LoraTensor> pair) throws IOException {
            down = tensor(pair.get(0));
            up = tensor(pair.get(1));
            NDScope.unregister(down, up);
        }

        @Override
        public NDArray of(NDArray rows, long first) {
            var wide = rows.getDataType() == DataType.FLOAT32 ? rows : Tensors.cast(rows, DataType.FLOAT32);
            long last = first + rows.getShape().get(0);
            return kernels.tensor("merged", wide, down, up.get(new NDIndex("{}:{}", first, last)), scaling);
        }

        @Override
        public void close() {
            manager.close();
        }

        private NDArray tensor(LoraTensor tensor) throws IOException {
            return manager.create(tensors.values(tensor), new Shape(tensor.shape()));
        }
    }
}
