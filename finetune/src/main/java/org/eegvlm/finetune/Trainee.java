package org.eegvlm.finetune;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llava.LlavaModel;

/**
 * What is trained, and its optimisers: the adapter, attached to the model's decoder, and the model's projector. All
 * else in the model stays as it is.
 *
 * <p>Owns the adapter and the optimisers, not the model.
 */
final class Trainee implements AutoCloseable {

    private final LlavaModel model;
    private final LoraAdapter adapter;
    private final List<NDArray> parameters;
    private final List<Group> groups;

    /** Takes over the adapter; the optimisers begin. */
    Trainee(LlavaModel model, LoraAdapter adapter, OptimizerConfig rates) {
        this.model = model;
        this.adapter = adapter;
        this.parameters = Stream.concat(adapter.parameters().stream(), projector(model).stream())
                .toList();
        int lora = adapter.parameters().size();
        var decay = rates.adamW();
        this.groups = Stream.of(
                        group("lora", i -> i < lora, rates.learningRate(), decay),
                        group("projector_weights", i -> i >= lora && isMatrix(i), rates.projectorLearningRate(), decay),
                        group(
                                "projector_biases",
                                i -> i >= lora && !isMatrix(i),
                                rates.projectorLearningRate(),
                                decay.withWeightDecay(0)))
                .flatMap(Optional::stream)
                .toList();
        model.decoder().attach(adapter);
    }

    /**
     * Parameters with a learning rate and an optimiser of their own.
     *
     * @param members which of all parameters
     */
    private record Group(String name, List<Integer> members, double peakRate, AdamW optimizer) {

        String file() {
            return "optimizer_" + name + ".safetensors";
        }
    }

    /** A new adapter, which changes nothing yet, and the projector as the base has it. */
    static Trainee fresh(LlavaModel model, FineTuneConfig config, long seed) {
        var adapter = LoraAdapter.fresh(config.lora(), model.decoder(), seed);
        return new Trainee(model, adapter, config.optimizer());
    }

    /**
     * A given adapter, with its own rank, alpha, dropout and targets; and its projector, where it has one, else that of
     * the base.
     *
     * @param folder as PEFT or LLaVA writes it
     */
    static Trainee adapted(LlavaModel model, FineTuneConfig config, Path folder) throws IOException {
        var adapter = LoraAdapter.load(folder, model.decoder());
        if (model.takesPictures() && Files.exists(folder.resolve("non_lora_trainables.bin"))) {
            model.projector().restore(folder);
        }
        return new Trainee(model, adapter, config.optimizer());
    }

    /** Everything as {@link #saveState} left it. */
    static Trainee resumed(LlavaModel model, FineTuneConfig config, Path checkpoint) throws IOException {
        var adapter = LoraAdapter.load(checkpoint, model.decoder());
        if (model.takesPictures()) {
            model.projector().restore(checkpoint);
        }
        var trainee = new Trainee(model, adapter, config.optimizer());
        for (var group : trainee.groups) {
            OptimizerFile.restore(checkpoint.resolve(group.file()), group.optimizer());
        }
        return trainee;
    }

    /** The adapter's tensors, then the projector's: the order of gradients. */
    List<NDArray> parameters() {
        return parameters;
    }

    /** How many numbers are trained, the projector's included. */
    long parameterCount() {
        return parameters.stream().mapToLong(NDArray::size).sum();
    }

    /**
     * One step of every optimiser.
     *
     * @param gradients in the order of {@link #parameters}
     * @param factor the schedule's share of the learning rates
     */
    void update(List<NDArray> gradients, double factor) {
        for (var group : groups) {
            var own = group.members().stream().map(gradients::get).toList();
            group.optimizer().update(own, group.peakRate() * factor);
        }
    }

    /** The weights alone, as PEFT and LLaVA save them. */
    void saveWeights(Path folder, String baseModel) throws IOException {
        adapter.save(folder, baseModel);
        if (model.takesPictures()) {
            model.projector().save(folder);
        }
    }

    /** Weights and optimisers. */
    void saveState(Path folder, String baseModel) throws IOException {
        saveWeights(folder, baseModel);
        for (var group : groups) {
            OptimizerFile.write(folder.resolve(group.file()), group.optimizer());
        }
    }

    private static List<NDArray> projector(LlavaModel model) {
        return model.takesPictures() ? model.projector().parameters() : List.of();
    }

    private Optional<Group> group(String name, IntPredicate member, double peakRate, AdamWConfig config) {
        var members =
                IntStream.range(0, parameters.size()).filter(member).boxed().toList();
        if (members.isEmpty()) {
            return Optional.empty();
        }
        var optimizer = new AdamW(members.stream().map(parameters::get).toList(), config);
        return Optional.of(new Group(name, members, peakRate, optimizer));
    }

    private boolean isMatrix(int parameter) {
        return parameters.get(parameter).getShape().dimension() == 2;
    }

    @Override
    public void close() {
        model.decoder().detach();
        groups.forEach(group -> group.optimizer().close());
        adapter.close();
    }
}
