package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackpropagationTest {

    private static final List<Integer> BATCH = List.of(0, 1, 2, 3);
    private static final long SEED = 77;

    @TempDir
    Path folder;

    private NDScope scope;
    private LlavaModel model;
    private Trainee trainee;
    private TinyRun tiny;

    @BeforeEach
    void open() throws IOException {
        tiny = TinyRun.in(folder);
        scope = new NDScope();
        scope.suppressNotUsedWarning();
        model = LlavaModel.open(tiny.base(), Optional.empty(), LoadOptions.on("cpu"));
        trainee = Trainee.fresh(model, tiny.config("out"), 1);
        // With B = 0 the gradient of every A would be 0.
        var random = new Random(2);
        trainee.parameters().forEach(tensor -> tensor.set(perturbed(tensor.toFloatArray(), random)));
    }

    @AfterEach
    void close() {
        trainee.close();
        model.close();
        scope.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = FeatureMode.class,
            names = {"FUSE", "TOKEN", "OFF"})
    void givesTheSlopeOfTheLossForEveryTensor(FeatureMode mode) throws IOException {
        var backpropagation = backpropagation(mode);
        var gradients = backpropagation.of(BATCH, SEED).gradients().stream()
                .map(NDArray::toFloatArray)
                .toList();

        var slopes = new ArrayList<Double>();
        for (int i = 0; i < gradients.size(); i++) {
            slopes.add(slope(backpropagation, trainee.parameters().get(i), gradients.get(i)));
        }

        // Along its own direction a gradient's slope is its norm. 3 %: central differences of a float32 loss near 6.
        assertThat(IntStream.range(0, gradients.size()).boxed())
                .hasSize(2 * 14 + 4)
                .allSatisfy(
                        i -> assertThat(slopes.get(i)).isCloseTo(norm(gradients.get(i)), Percentage.withPercentage(3)));
    }

    @Test
    void movesEveryParameterAgainstItsGradient() throws IOException {
        var gradients = backpropagation(FeatureMode.FUSE).of(BATCH, SEED).gradients();
        var before = trainee.parameters().stream().map(NDArray::toFloatArray).toList();
        var directions = gradients.stream().map(NDArray::toFloatArray).toList();

        trainee.update(gradients, 1);

        // The first step of Adam is lr · sign(g), whatever the gradient's size; here 4e-3 and 2e-3.
        assertThat(IntStream.range(0, before.size()).boxed()).allSatisfy(i -> {
            var after = trainee.parameters().get(i).toFloatArray();
            double rate = i < 2 * 14 ? 4e-3 : 2e-3;
            for (int j = 0; j < after.length; j++) {
                if (Math.abs(directions.get(i)[j]) > 1e-5) {
                    assertThat(after[j] - before.get(i)[j])
                            .isCloseTo((float) (-rate * Math.signum(directions.get(i)[j])), within(2e-5f));
                }
            }
        });
    }

    @Test
    void trainsAsManyNumbersAsTheFormulaSays() {
        // LoRA: rank · (in + out) of q, k, v, o, gate, up, down, in each of 2 layers; the projector: two matrices.
        int lora = 2 * 8 * (4 * (64 + 64) + 3 * (64 + 96));
        int projector = 64 * TinyRun.WIDTH + 64 + 64 * 64 + 64;

        assertThat(trainee.parameterCount()).isEqualTo(lora + projector);
    }

    private Backpropagation backpropagation(FeatureMode mode) throws IOException {
        var config = tiny.config("out", mode, 1);
        var limits = new TrainingData.Limits(model.tower().patches(), TinyRun.WIDTH, 256);
        var data = TrainingData.load(config, new PromptTokenizer(model.tokenizer(), Conversation.V1), limits);
        return new Backpropagation(model, data, new TrainingPictures(model, tiny.images()));
    }

    private static double slope(Backpropagation backpropagation, NDArray tensor, float[] gradient) throws IOException {
        var here = tensor.toFloatArray();
        double step = 0.02 / norm(gradient);
        tensor.set(moved(here, gradient, step));
        double above = backpropagation.loss(BATCH, SEED);
        tensor.set(moved(here, gradient, -step));
        double below = backpropagation.loss(BATCH, SEED);
        tensor.set(here);
        return (above - below) / 0.04;
    }

    private static float[] moved(float[] values, float[] direction, double by) {
        var moved = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            moved[i] = (float) (values[i] + by * direction[i]);
        }
        return moved;
    }

    private static float[] perturbed(float[] values, Random random) {
        var perturbed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            perturbed[i] = (float) (values[i] + 0.05 * random.nextGaussian());
        }
        return perturbed;
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
