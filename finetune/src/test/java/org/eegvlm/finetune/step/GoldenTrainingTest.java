package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.TokenizedSample;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fifty steps beside transformers and PEFT ({@code reference/make_finetune.py}). */
@Tag("reference")
class GoldenTrainingTest {

    private static final Path BASE =
            Path.of("..", "llava-adapter", "src", "test", "resources", "org", "eegvlm", "llava", "tiny-llava");
    private static final int STEPS = 50;
    private static final int WIDTH = 24;
    private static final int PATCHES = 16;

    @TempDir
    Path folder;

    /**
     * In fp32 both sides round in their own order; fifty steps carry that on. Theirs are batches padded on the right, ours
     * lie end to end.
     */
    @ParameterizedTest
    @CsvSource({"fp64, false, 1e-8, 1e-7", "fp64, true, 1e-8, 1e-7", "fp32, false, 1e-3, 1e-2"})
    void trainsAsTransformersAndPeftDo(String kind, boolean checkpointing, double lossTolerance, double weightTolerance)
            throws IOException {
        var golden = Json.readTree(golden().resolve("golden.json"));
        var wanted = golden.path(kind);
        var options = LoadOptions.on("cpu").withType(LoadOptions.type(kind));
        try (var model = LlavaModel.open(BASE, Optional.empty(), options);
                var trainee = trainee(model)) {
            var data = data(golden);
            var backpropagation = new Backpropagation(model, data, pictures(), checkpointing);
            var step = new TrainingStep(config(), STEPS, trainee, backpropagation, data);

            var log = new ArrayList<LoggedStep>();
            for (int i = 0; i < STEPS; i++) {
                log.add(step.take(i, List.of(integers(golden.path("order").path(i)))));
            }

            assertClose(log.stream().map(LoggedStep::loss).toList(), numbers(wanted.path("losses")), lossTolerance);
            assertClose(
                    log.stream().map(LoggedStep::learningRate).toList(),
                    elements(wanted.path("rates"))
                            .map(rates -> rates.path(0).asDouble())
                            .toList(),
                    1e-12);
            int projector = WIDTH * 32 + 32 + 32 * 32 + 32;
            assertThat(trainee.parameterCount() - projector)
                    .isEqualTo(wanted.path("lora").asLong());
            assertWeights(trainee, kind, weightTolerance);
        }
    }

    /** The second layer's part of the adapter, and the projector. */
    private static void assertWeights(Trainee trainee, String kind, double tolerance) throws IOException {
        var file = SafetensorsFile.open(golden().resolve("golden.safetensors"));
        var names = new ArrayList<String>();
        for (var projection :
                List.of("self_attn.q", "self_attn.k", "self_attn.v", "self_attn.o", "mlp.gate", "mlp.up", "mlp.down")) {
            for (var half : List.of("A", "B")) {
                names.add("base_model.model.model.layers.1.%s_proj.lora_%s.weight".formatted(projection, half));
            }
        }
        List.of("0.weight", "0.bias", "2.weight", "2.bias").forEach(name -> names.add("mm_projector." + name));
        var ours = new ArrayList<>(trainee.parameters().subList(14, 28));
        ours.addAll(trainee.parameters().subList(42, 46));
        for (int i = 0; i < names.size(); i++) {
            assertThat(distance(Tensors.floats(ours.get(i)), file.floats(kind + "." + names.get(i))))
                    .as(names.get(i))
                    .isLessThan(tolerance);
        }
    }

    private Trainee trainee(LlavaModel model) throws IOException {
        return new Trainee(
                List.of(model),
                List.of(LoraAdapter.load(golden().resolve("adapter"), model.decoder())),
                config().optimizer());
    }

    private FineTuneConfig config() {
        var samples = new SampleFiles(folder.resolve("none.json"), folder, Optional.of(folder.resolve("none.npy")));
        return FineTuneConfig.of(new RunPaths(BASE, samples, Path.of("none")))
                .withOptimizer(new OptimizerConfig(
                        4e-3,
                        1e-3,
                        AdamWConfig.DEFAULT.withWeightDecay(0.05),
                        1,
                        new ScheduleConfig(Decay.COSINE, 0.1, 0)))
                .withBatch(BatchConfig.ofSteps(4, STEPS));
    }

    private static TrainingData data(JsonNode golden) throws IOException {
        var samples = new ArrayList<InstructionSample>();
        var tokens = new ArrayList<TokenizedSample>();
        var rows = new ArrayList<float[]>();
        var file = SafetensorsFile.open(golden().resolve("golden.safetensors"));
        for (var sample : golden.path("samples")) {
            var id = Integer.toString(samples.size());
            rows.add(Arrays.copyOfRange(file.floats("rows"), rows.size() * WIDTH, (rows.size() + 1) * WIDTH));
            samples.add(new InstructionSample(id, List.of(id, id), List.of(), Optional.empty(), false));
            tokens.add(new TokenizedSample(id, ints(sample.path("ids")), ints(sample.path("labels"))));
        }
        var ids = samples.stream().map(InstructionSample::id).toList();
        return new TrainingData(
                samples,
                tokens,
                Optional.of(FeatureRows.of(ids, rows.toArray(float[][]::new))),
                new TrainingData.Limits(PATCHES, WIDTH, 512, 512),
                FeatureMode.FUSE);
    }

    private static Backpropagation.Pictures pictures() throws IOException {
        var all = SafetensorsFile.open(golden().resolve("golden.safetensors")).floats("pictures");
        int length = PATCHES * WIDTH;
        return picture -> {
            int from = Integer.parseInt(picture) * length;
            return Arrays.copyOfRange(all, from, from + length);
        };
    }

    private static Path golden() {
        try {
            return Path.of(Objects.requireNonNull(GoldenTrainingTest.class.getResource("golden"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertClose(List<Double> ours, List<Double> theirs, double relative) {
        assertThat(ours)
                .usingElementComparator((a, b) -> Math.abs(a - b) <= relative * Math.abs(b) ? 0 : Double.compare(a, b))
                .containsExactlyElementsOf(theirs);
    }

    private static double distance(float[] ours, float[] theirs) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < theirs.length; i++) {
            difference += Math.pow(ours[i] - theirs[i], 2);
            length += Math.pow(theirs[i], 2);
        }
        return Math.sqrt(difference / length);
    }

    private static List<Double> numbers(JsonNode array) {
        return elements(array).map(JsonNode::asDouble).toList();
    }

    private static List<Integer> integers(JsonNode array) {
        return elements(array).map(JsonNode::asInt).toList();
    }

    private static int[] ints(JsonNode array) {
        return integers(array).stream().mapToInt(Integer::intValue).toArray();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
