package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.finetune.OnTinyRun;
import org.eegvlm.finetune.TinyRun;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackpropagationTest extends OnTinyRun {

    private static final TrainingBatch BATCH = new TrainingBatch(List.of(0, 1, 2, 3), 77);

    private NDScope scope;
    private LlavaModel model;
    private Trainee trainee;

    @BeforeEach
    void open() throws IOException {
        scope = new NDScope();
        scope.suppressNotUsedWarning();
        open(LoadOptions.on("cpu"));
    }

    private void open(LoadOptions options) throws IOException {
        model = LlavaModel.open(tiny.base(), Optional.empty(), options);
        trainee = Trainee.fresh(List.of(model), tiny.config("out"), 1);
        // With B = 0 the gradient of every A would be 0.
        var random = new Random(2);
        trainee.parameters().forEach(tensor -> tensor.set(perturbed(tensor.toFloatArray(), random)));
    }

    private void reopen(LoadOptions options) throws IOException {
        trainee.close();
        model.close();
        open(options);
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
        assertSlopes(backpropagation(mode, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSlopeOfTheLossOverABaseInFourBits(boolean checkpointing) throws IOException {
        reopen(LoadOptions.on("cpu").with4Bit());

        assertSlopes(backpropagation(FeatureMode.FUSE, checkpointing));
    }

    /** Rounded to eight bits on the way, the gradients point where they point in float32, and are summed up in it. */
    @Test
    void givesTheGradientsOfFloat32RoughlyInBfloat16() throws IOException {
        var wide = backpropagation(FeatureMode.FUSE, false).of(List.of(BATCH));
        var expected = wide.gradients().stream().map(NDArray::toFloatArray).toList();
        reopen(LoadOptions.on("cpu").withType(DataType.BFLOAT16));

        var narrow = backpropagation(FeatureMode.FUSE, false).of(List.of(BATCH));

        assertThat(narrow.meanLoss()).isCloseTo(wide.meanLoss(), Percentage.withPercentage(1));
        assertThat(trainee.parameters()).allMatch(tensor -> tensor.getDataType() == DataType.FLOAT32);
        assertThat(narrow.gradients()).allMatch(tensor -> tensor.getDataType() == DataType.FLOAT32);
        assertThat(IntStream.range(0, expected.size()))
                .allSatisfy(i -> assertThat(cosine(narrow.gradients().get(i).toFloatArray(), expected.get(i)))
                        .isGreaterThan(0.99));
    }

    private static List<NDArray> means(Backpropagation backpropagation) throws IOException {
        var sums = backpropagation.of(List.of(BATCH));
        Tensors.scale(sums.gradients(), 1.0 / sums.supervised());
        return sums.gradients();
    }

    private void assertSlopes(Backpropagation backpropagation) throws IOException {
        var gradients =
                means(backpropagation).stream().map(NDArray::toFloatArray).toList();

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
    void isTheSameWithCheckpointing() throws IOException {
        var kept = backpropagation(FeatureMode.FUSE, false).of(List.of(BATCH));
        var again = backpropagation(FeatureMode.FUSE, true).of(List.of(BATCH));

        assertThat(again.loss()).isEqualTo(kept.loss());
        assertThat(IntStream.range(0, kept.gradients().size()))
                .allSatisfy(i -> assertThat(again.gradients().get(i).toFloatArray())
                        .isEqualTo(kept.gradients().get(i).toFloatArray()));
    }

    @Test
    void movesEveryParameterAgainstItsGradient() throws IOException {
        var gradients = means(backpropagation(FeatureMode.FUSE, false));
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

    private Backpropagation backpropagation(FeatureMode mode, boolean checkpointing) throws IOException {
        var config = tiny.config("out", mode, 1);
        var limits = new TrainingData.Limits(model.tower().patches(), TinyRun.WIDTH, 256, 256);
        var data = TrainingData.load(config, new PromptTokenizer(model.tokenizer(), Conversation.V1), limits);
        return new Backpropagation(model, data, new TrainingPictures(model, tiny.images()), checkpointing);
    }

    private static double slope(Backpropagation backpropagation, NDArray tensor, float[] gradient) throws IOException {
        var here = tensor.toFloatArray();
        double step = 0.02 / norm(gradient);
        tensor.set(moved(here, gradient, step));
        double above = loss(backpropagation);
        tensor.set(moved(here, gradient, -step));
        double below = loss(backpropagation);
        tensor.set(here);
        return (above - below) / 0.04;
    }

    private static double loss(Backpropagation backpropagation) throws IOException {
        try (var found = backpropagation.of(List.of(BATCH))) {
            return found.meanLoss();
        }
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

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
        }
        return product / (norm(a) * norm(b));
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
