package org.eegvlm.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.finetune.OnTinyRun;
import org.eegvlm.finetune.TinyRun;
import org.eegvlm.finetune.config.EvaluationConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.llava.ModelOutline;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvaluationDataTest extends OnTinyRun {

    private static final List<String> TWO = List.of("0.png", "0.png");
    private static final Turn SHOWN = new Turn(Turn.HUMAN, "<image>\n<image>\n" + TinyRun.QUESTION);
    private static final Turn WAKE = new Turn(Turn.GPT, "The stage is Wake.");
    private static final Turn AGAIN = new Turn(Turn.HUMAN, "Are you sure?");
    private static final Turn N2 = new Turn(Turn.GPT, "No. The stage is N2.");

    @BeforeEach
    void writeRows() throws IOException {
        tiny.writeRows(folder.resolve("eval_rows.npy"), List.of("v-0", "v-1"));
    }

    @Test
    void asksTheLastQuestionWithAllThatStandsBeforeIt() throws IOException {
        var system = Optional.of("You stage sleep.");
        write(sample("v-0", TWO, system, SHOWN, WAKE, AGAIN, N2));

        var question = read().questions().get(0);

        assertThat(question.text()).isEqualTo("Are you sure?");
        assertThat(question.label().orElseThrow()).hasToString("N2");
        assertThat(question.system()).isEqualTo(system);
        assertThat(question.before()).containsExactly(SHOWN, WAKE);
    }

    @Test
    void givesAnswersAsMuchRoomAsTheLongestThatWasTaught() throws IOException {
        write(sample("v-0", TWO, SHOWN, WAKE), sample("v-1", TWO, SHOWN, N2));
        try (var tokenizer = LlamaTokenizer.load(tiny.base())) {
            assertThat(read().answerTokens())
                    .isBetween(tokenizer.encode(N2.value()).length, tokenizer.encode(N2.value()).length + 10);
        }
    }

    @Test
    void needsNoRowForTextAndSinglePictures() throws IOException {
        write(
                sample("text", List.of(), new Turn(Turn.HUMAN, TinyRun.QUESTION), WAKE),
                sample("one", List.of("0.png"), new Turn(Turn.HUMAN, "<image>\n" + TinyRun.QUESTION), WAKE));
        Files.delete(folder.resolve("eval_rows.npy"));

        assertThat(read().withRows()).isZero();
    }

    @Test
    void refusesASampleWithoutItsRow() throws IOException {
        write(sample("v-9", TWO, SHOWN, WAKE));

        assertRefused("eval_rows.npy", "no row for sample v-9");
    }

    @Test
    void refusesAMissingPicture() throws IOException {
        write(sample("v-0", List.of("0.png", "99.png"), SHOWN, WAKE));

        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sample v-0", "99.png");
    }

    @Test
    void refusesAPromptWithoutRoomForAnAnswer() throws IOException {
        write(sample("v-0", TWO, new Turn(Turn.HUMAN, SHOWN.value() + " why".repeat(300)), WAKE));

        assertRefused("eval.json, sample v-0", "exceed the model's 256 positions");
    }

    @Test
    void refusesSomebodyWhoIsLearntFrom() throws IOException {
        write(sample("v-0", "SIM401", WAKE));

        assertThatThrownBy(this::read).isInstanceOf(LeakageException.class).hasMessageContaining("SIM401");
    }

    @Test
    void refusesSomebodyWhomTheVisionModuleSaw() throws IOException {
        write(sample("v-0", "SIM402", WAKE));

        assertThatThrownBy(this::read).isInstanceOf(LeakageException.class).hasMessageContaining("vision module");
    }

    @Test
    void refusesASampleThatIsLearnt() throws IOException {
        tiny.writeRows(folder.resolve("eval_rows.npy"), List.of("SIM4011-0000"));
        write(sample("SIM4011-0000", TWO, SHOWN, WAKE));

        assertThatThrownBy(this::read)
                .isInstanceOf(LeakageException.class)
                .hasMessageContainingAll("eval.json", "SIM4011-0000");
    }

    @Test
    void refusesAnAnswerWithoutAStage() throws IOException {
        write(sample("v-0", TWO, SHOWN, new Turn(Turn.GPT, "Who knows?")));

        assertRefused("sample v-0", "names no stage");
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll(words);
    }

    private EvaluationData read() throws IOException {
        var files = new SampleFiles(
                folder.resolve("eval.json"), tiny.images(), Optional.of(folder.resolve("eval_rows.npy")));
        var config = tiny.config("out")
                .withEvaluation(new EvaluationConfig(Interval.ofSteps(1), Optional.of(files), 2, Optional.empty()));
        try (var tokenizer = LlamaTokenizer.load(tiny.base())) {
            var prompts = new PromptTokenizer(tokenizer, config.input().conversation());
            var limits = TrainingData.Limits.of(config.input(), ModelOutline.read(tiny.base()));
            var learnt = TrainingData.load(config, prompts, limits);
            return EvaluationData.read(config, prompts, learnt).orElseThrow();
        }
    }

    private void write(InstructionSample... samples) throws IOException {
        Json.write(folder.resolve("eval.json"), samples);
    }

    private static InstructionSample sample(String id, String subject, Turn answer) {
        return new InstructionSample(id, TWO, List.of(SHOWN, answer), Optional.of(subject), true);
    }

    private static InstructionSample sample(String id, List<String> images, Turn... turns) {
        return sample(id, images, Optional.empty(), turns);
    }

    private static InstructionSample sample(String id, List<String> images, Optional<String> system, Turn... turns) {
        return new InstructionSample(
                id, images, Arrays.asList(turns), system, Optional.of("SIM777"), true, Optional.empty());
    }
}
