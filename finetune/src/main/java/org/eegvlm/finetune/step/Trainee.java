package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.data.Seeds;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llava.LlavaModel;

/**
 * What is trained, and its optimisers: the adapter, attached to the model's decoder, and the model's projector. All
 * else in the model stays as it is.
 *
 * <p>Of several models each has its own adapter and projector; after every step all have the same values.
 *
 * <p>Owns the adapters and the optimisers, not the models.
 */
public final class Trainee implements AutoCloseable {

    private final List<LlavaModel> models;
    private final List<LoraAdapter> adapters;
    private final ParameterCopies copies;
    private final List<NDArray> parameters;
    private final List<ParameterGroup> groups;

    /**
     * Takes over the adapters; the optimisers begin.
     *
     * @param models all of one base
     * @param adapters one for each, all with the same values
     */
    Trainee(List<LlavaModel> models, List<LoraAdapter> adapters, OptimizerConfig rates) {
        this.models = models;
        this.adapters = adapters;
        this.copies = new ParameterCopies(IntStream.range(0, models.size())
                .mapToObj(i -> parameters(models.get(i), adapters.get(i)))
                .toList());
        this.parameters = copies.owned();
        this.groups = groups(rates, adapters.get(0).parameters().size());
        for (int i = 0; i < models.size(); i++) {
            models.get(i).decoder().attach(adapters.get(i));
        }
    }

    /**
     * The trainee of a run: as a checkpoint left it, else with the adapter that the settings name, else with a new one.
     *
     * @param models all of one base; one for each replica
     * @param checkpoint whose weights and optimisers it goes on with
     * @throws org.eegvlm.core.MalformedDataException if what is read does not fit the models
     */
    public static Trainee of(List<LlavaModel> models, FineTuneConfig config, Optional<Path> checkpoint)
            throws IOException {
        if (checkpoint.isPresent()) {
            return resumed(models, config, checkpoint.get());
        }
        var execution = config.execution();
        var adapter = execution.start().adapter();
        return adapter.isPresent()
                ? adapted(models, config, adapter.get())
                : fresh(models, config, Seeds.weights(execution.seed()));
    }

    /** A new adapter, which changes nothing yet, and the projector as the base has it. */
    static Trainee fresh(List<LlavaModel> models, FineTuneConfig config, long seed) throws IOException {
        return made(models, config, model -> LoraAdapter.fresh(config.lora(), model.decoder(), seed));
    }

    /**
     * A given adapter, with its own rank, alpha, dropout and targets; and its projector, where it has one, else that of
     * the base.
     *
     * @param folder as PEFT or LLaVA writes it
     */
    private static Trainee adapted(List<LlavaModel> models, FineTuneConfig config, Path folder) throws IOException {
        return loaded(models, config, folder, Files.exists(folder.resolve("non_lora_trainables.bin")));
    }

    /** Everything as {@link #save} left it. */
    private static Trainee resumed(List<LlavaModel> models, FineTuneConfig config, Path checkpoint) throws IOException {
        var trainee = loaded(models, config, checkpoint, true);
        try {
            for (var group : trainee.groups) {
                group.restore(checkpoint);
            }
            return trainee;
        } catch (IOException | RuntimeException | Error e) {
            trainee.close();
            throw e;
        }
    }

    private static Trainee loaded(List<LlavaModel> models, FineTuneConfig config, Path folder, boolean withProjector)
            throws IOException {
        return made(models, config, model -> {
            if (model.takesPictures() && withProjector) {
                model.projector().restore(folder);
            }
            return LoraAdapter.load(folder, model.decoder());
        });
    }

    /** None of the adapters stays where it fails. */
    static Trainee made(List<LlavaModel> models, FineTuneConfig config, Source source) throws IOException {
        var adapters = adapters(models, source);
        try {
            return new Trainee(models, adapters, config.optimizer());
        } catch (RuntimeException | Error e) {
            adapters.forEach(LoraAdapter::close);
            throw e;
        }
    }

    /** Where the adapter of a model comes from. */
    @FunctionalInterface
    interface Source {
        LoraAdapter adapter(LlavaModel model) throws IOException;
    }

    /** One for each model; none stays where one fails. */
    static List<LoraAdapter> adapters(List<LlavaModel> models, Source source) throws IOException {
        var adapters = new ArrayList<LoraAdapter>();
        try {
            for (var model : models) {
                adapters.add(source.adapter(model));
            }
            return adapters;
        } catch (IOException | RuntimeException | Error e) {
            adapters.forEach(LoraAdapter::close);
            throw e;
        }
    }

    /** Whose parts it trains. */
    List<LlavaModel> models() {
        return models;
    }

    /** The copies of every tensor. */
    ParameterCopies copies() {
        return copies;
    }

    /** The adapter's tensors, then the projector's: the order of gradients. Of several copies the one that is updated. */
    List<NDArray> parameters() {
        return parameters;
    }

    /** How many numbers are trained, the projector's included. */
    public long parameterCount() {
        return parameters.stream().mapToLong(NDArray::size).sum();
    }

    /**
     * One step of every optimiser.
     *
     * @param gradients in the order of {@link #parameters}, each beside its own
     * @param factor the schedule's share of the learning rates
     */
    void update(List<NDArray> gradients, double factor) {
        for (var group : groups) {
            group.update(gradients, factor);
        }
        copies.handRound();
    }

    /**
     * Writes weights, as PEFT and LLaVA save them, and optimisers.
     *
     * @param baseModel how the adapter names, seen from its folder, the model it adapts
     */
    public void save(Path folder, String baseModel) throws IOException {
        adapters.get(0).save(folder, baseModel);
        if (models.get(0).takesPictures()) {
            models.get(0).projector().save(folder);
        }
        for (var group : groups) {
            group.save(folder);
        }
    }

    private static List<NDArray> parameters(LlavaModel model, LoraAdapter adapter) {
        var projector = model.takesPictures() ? model.projector().parameters() : List.<NDArray>of();
        return Stream.concat(adapter.parameters().stream(), projector.stream()).toList();
    }

    /** None stays where one fails. @param lora how many of the parameters are the adapter's */
    private List<ParameterGroup> groups(OptimizerConfig rates, int lora) {
        var decay = rates.adamW();
        double projectorRate = rates.projectorLearningRate();
        var made = new ArrayList<ParameterGroup>();
        try {
            group("lora", i -> i < lora, rates.learningRate(), decay).ifPresent(made::add);
            group("projector_weights", i -> i >= lora && isMatrix(i), projectorRate, decay)
                    .ifPresent(made::add);
            group("projector_biases", i -> i >= lora && !isMatrix(i), projectorRate, decay.withWeightDecay(0))
                    .ifPresent(made::add);
            return made;
        } catch (RuntimeException | Error e) {
            made.forEach(ParameterGroup::close);
            throw e;
        }
    }

    private Optional<ParameterGroup> group(String name, IntPredicate member, double peakRate, AdamWConfig config) {
        var members =
                IntStream.range(0, parameters.size()).filter(member).boxed().toList();
        if (members.isEmpty()) {
            return Optional.empty();
        }
        var optimizer = new AdamW(members.stream().map(parameters::get).toList(), config);
        return Optional.of(new ParameterGroup(name, members, peakRate, optimizer));
    }

    private boolean isMatrix(int parameter) {
        return parameters.get(parameter).getShape().dimension() == 2;
    }

    @Override
    public void close() {
        models.forEach(model -> model.decoder().detach());
        groups.forEach(ParameterGroup::close);
        adapters.forEach(LoraAdapter::close);
    }
}
