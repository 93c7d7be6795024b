package org.eegvlm.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.OutOfFold;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.Balance;
import org.eegvlm.core.manifest.BalanceStrategy;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.WeightMethod;
import org.eegvlm.finetune.OnTinyRun;
import org.eegvlm.finetune.TinyRun;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.SpliceLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingDataTest extends OnTinyRun {

    @Test
    void needsNoRowForASampleOfTextAlone() throws IOException {
        var samples = new ArrayList<>(tiny.samples());
        samples.add(text("t1", "What is sleep?", "A state."));
        tiny.writeData(samples);

        var data = load(tiny.config("out"));

        assertThat(data.size()).isEqualTo(TinyRun.SAMPLES + 1);
        assertThat(data.withPictures()).endsWith(true, false);
        assertThat(data.layout(List.of(16)).pictures()).isEmpty();
    }

    @Test
    void findsRowsByFeatureIndexWhereThereIsNoSidecar() throws IOException {
        var backwards = new ArrayList<>(withPlaces());
        Collections.reverse(backwards);
        tiny.writeData(backwards);
        var bySidecar = row(0, load(tiny.config("out")));
        Files.delete(FeatureSidecar.beside(tiny.features()));

        assertThat(row(0, load(tiny.config("out")))).isEqualTo(bySidecar);
    }

    @Test
    void refusesAFeatureIndexThatIsNotTheSidecars() throws IOException {
        var samples = new ArrayList<>(withPlaces());
        samples.set(4, at(tiny.samples().get(4), 5));
        tiny.writeData(samples);

        assertThatThrownBy(() -> load(tiny.config("out")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll("features.npy", "SIM4011-0004", "feature_index 5");
    }

    @Test
    void refusesRowsThatNobodyNames() throws IOException {
        tiny.writeData(withPlaces().subList(0, 10));
        Files.delete(FeatureSidecar.beside(tiny.features()));

        assertThatThrownBy(() -> load(tiny.config("out")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("has 16 rows, but the samples' feature_index names 10");
    }

    @ParameterizedTest
    @EnumSource(BalanceStrategy.class)
    void learnsFromABalancedPartOfWhatHasRows(BalanceStrategy strategy) throws IOException {
        var whole = load(tiny.config("out"));

        var ids = balanced(strategy);
        var data = load(tiny.config("out"));

        assertThat(data.samples()).extracting(InstructionSample::id).containsExactlyElementsOf(ids);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(row(i, data)).isEqualTo(row(tiny.ids().indexOf(ids.get(i)), whole));
        }
    }

    @Test
    void refusesBalancedSamplesWithoutTheirRow() throws IOException {
        tiny.writeFeatures(tiny.ids().subList(1, TinyRun.SAMPLES), new Random(1));

        assertThatThrownBy(() -> load(tiny.config("out")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("has no row for sample SIM4011-0000");
    }

    @Test
    void judgesOutOfFoldRowsByThoseInUse() throws IOException {
        callOutOfFold("SIM402");
        balanced(BalanceStrategy.UNDERSAMPLE);
        assertThat(load(tiny.config("out")).size()).isEqualTo(8);

        callOutOfFold("SIM401");
        assertThatThrownBy(() -> load(tiny.config("out")))
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("an-encoder has learnt from subject SIM401");
    }

    @Test
    void shufflesAmongTheRowsInUse() throws IOException {
        tiny.writeData(tiny.samples().subList(0, 2));
        var own = load(tiny.config("out"));

        var shuffled = load(tiny.config("out", FeatureMode.SHUFFLE, 1));

        assertThat(row(0, shuffled)).isEqualTo(row(1, own));
        assertThat(row(1, shuffled)).isEqualTo(row(0, own));
    }

    @Test
    void countsWhatIsCut() throws IOException {
        var whole = load(tiny.config("out"));
        int longest = Collections.max(whole.lengths());

        var cut =
                TruncatedTokens.of(load(tiny.config("out").withInput(InputConfig.DEFAULT.withMaxLength(longest - 3))));

        assertThat(TruncatedTokens.of(whole).samples()).isZero();
        assertThat(cut.samples()).isPositive();
        assertThat(cut.tokens()).isBetween(3L, 3L * cut.samples());
        assertThat(cut.learnt()).isEqualTo(cut.tokens());
        assertThat(cut.toString()).contains("of 16 samples are cut at %d tokens".formatted(longest - 3));
    }

    /** Twelve epochs of N2 and four of N1, balanced and written as samples. */
    private List<String> balanced(BalanceStrategy strategy) throws IOException {
        var epochs = new ArrayList<EpochRecord>();
        for (var sample : tiny.samples()) {
            epochs.add(epoch(sample, epochs.size() < 12 ? SleepStage.N2 : SleepStage.N1));
        }
        var samples = new HashMap<String, InstructionSample>();
        tiny.samples().forEach(sample -> samples.put(sample.id(), sample));
        var ids = new Balance(strategy, 0, WeightMethod.INVERSE, 0)
                .of(epochs).stream().map(EpochRecord::id).toList();
        tiny.writeData(ids.stream().map(samples::get).toList());
        return ids;
    }

    private static EpochRecord epoch(InstructionSample sample, SleepStage stage) {
        return new EpochRecord(
                sample.id(),
                "SIM401",
                "SIM4011",
                0,
                0,
                30,
                Optional.of(stage),
                Split.TRAIN,
                sample.images().get(0),
                sample.id(),
                "spec",
                "raw/SIM4011.edf",
                Optional.empty(),
                List.of("EEG Fpz-Cz"),
                true);
    }

    private void callOutOfFold(String learnt) throws IOException {
        var file = FeatureSidecar.beside(tiny.features());
        var sidecar = Json.read(file, FeatureSidecar.class);
        var encoder = new OutOfFold.Encoder("an-encoder", List.of(learnt));
        var folds = new OutOfFold(List.of(encoder), Collections.nCopies(TinyRun.SAMPLES, 0));
        Json.write(
                file,
                new FeatureSidecar(
                        sidecar.ids(),
                        sidecar.encoder(),
                        sidecar.renderSpec(),
                        List.of(learnt),
                        Optional.of(folds),
                        sidecar.standardization()));
    }

    private static float[] row(int sample, TrainingData data) {
        return data.feature(List.of(sample), new SpliceLayout.Slot(0, 1));
    }

    private List<InstructionSample> withPlaces() {
        var samples = new ArrayList<InstructionSample>();
        for (var sample : tiny.samples()) {
            samples.add(at(sample, samples.size()));
        }
        return samples;
    }

    private static InstructionSample at(InstructionSample sample, int place) {
        return new InstructionSample(
                sample.id(),
                sample.images(),
                sample.conversations(),
                Optional.empty(),
                sample.subject(),
                true,
                Optional.of(place));
    }

    private static InstructionSample text(String id, String question, String answer) {
        return new InstructionSample(
                id,
                List.of(),
                List.of(new Turn(Turn.HUMAN, question), new Turn(Turn.GPT, answer)),
                Optional.empty(),
                true);
    }

    private TrainingData load(FineTuneConfig config) throws IOException {
        try (var model = LlavaModel.open(tiny.base(), Optional.empty(), LoadOptions.on("cpu"))) {
            var tokenizer =
                    new PromptTokenizer(model.tokenizer(), config.input().conversation());
            var limits = new TrainingData.Limits(
                    model.patches(), model.tower().width(), config.input().maxLength(), 512);
            return TrainingData.load(config, tokenizer, limits);
        }
    }
}
