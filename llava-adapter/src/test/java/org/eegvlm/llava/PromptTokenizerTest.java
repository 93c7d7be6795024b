package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.Context;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTokenizerTest {

    private static final Path FILE = Path.of("eeg_ft.json");
    private static final Path TOKENIZERS = Path.of("src/test/resources/org/eegvlm/tokenizer");
    private static final String QUESTION = "Which sleep stage does this EEG epoch show, and why?";
    private static final String ANSWER = "The stage is N2. Delta 41 %, theta 22 %; 3 spindles.";

    @TempDir
    Path folder;

    private LlamaTokenizer tokenizer;
    private PromptTokenizer prompts;

    @BeforeEach
    void open() throws IOException {
        var nano = TinyLlava.in(folder.resolve("nano"));
        Files.copy(nano.resolve("tokenizer.model"), folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"legacy\": false}");
        tokenizer = LlamaTokenizer.load(folder);
        prompts = new PromptTokenizer(tokenizer, Conversation.V1);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void rendersTheTemplateOfLlava() {
        assertThat(prompts.promptText(2, "Why?", Context.NONE))
                .isEqualTo("A chat between a curious user and an artificial intelligence assistant. "
                        + "The assistant gives helpful, detailed, and polite answers to the user's questions. "
                        + "USER: <image>\n<image>\nWhy? ASSISTANT:");
    }

    @Test
    void rendersSeveralTurns() {
        var rounds =
                List.of(new Conversation.Round("Q", Optional.of("A")), new Conversation.Round("Q2", Optional.of("A2")));

        assertThat(Conversation.LLAVA_V1.text(rounds))
                .startsWith("A chat between a curious human and")
                .endsWith("human's questions. USER: Q ASSISTANT: A</s>USER: Q2 ASSISTANT: A2</s>");
        assertThat(Conversation.PLAIN.text(List.of(new Conversation.Round("<image>\nQ", Optional.of("A night.")))))
                .isEqualTo("<image>A night.\n");
    }

    @ParameterizedTest
    @CsvSource({
        "v1, V1",
        "vicuna_v1, V1",
        "vicuna-v1, V1",
        "llava_v1, LLAVA_V1",
        "plain, PLAIN",
        "llama_2, LLAMA_2",
        "llama-2, LLAMA_2",
        "llava_llama_2, LLAVA_LLAMA_2",
        "llama_3, LLAMA_3",
        "llama-3, LLAMA_3",
        "llava_llama_3, LLAVA_LLAMA_3"
    })
    void knowsTheConversationsOfLlavaByName(String name, Conversation conversation) {
        assertThat(Conversation.named(name)).isEqualTo(conversation);
    }

    @Test
    void refusesAnUnknownConversation() {
        assertThatThrownBy(() -> Conversation.named("v9")).hasMessageContaining("v1, llava_v1, plain");
    }

    @Test
    void teachesTheAnswerAndItsEndAndNothingElse() throws IOException {
        var sample = prompts.sample(sample(2, human("<image>\n<image>\n" + QUESTION), gpt(ANSWER)), FILE);

        var learnt = Arrays.stream(sample.labels())
                .filter(label -> label != TokenizedSample.IGNORED)
                .toArray();
        assertThat(tokenizer.decode(learnt)).isEqualTo(ANSWER);
        assertThat(learnt).endsWith(tokenizer.eos());
        assertThat(sample.pictures()).isEqualTo(2);
        assertThat(sample.ids()[0]).isEqualTo(tokenizer.bos());
        assertThat(Arrays.stream(sample.ids()).filter(id -> id == tokenizer.bos()))
                .hasSize(1);
    }

    @Test
    void asksWithTheIdsItWasTaughtWith() throws IOException {
        var taught = prompts.sample(sample(2, human("<image>\n<image>\n" + QUESTION), gpt(ANSWER)), FILE);

        var asked = prompts.prompt("a", 2, QUESTION);

        assertThat(Arrays.copyOf(taught.ids(), asked.ids().length)).isEqualTo(asked.ids());
        assertThat(taught.labels()[asked.ids().length - 1]).isEqualTo(TokenizedSample.IGNORED);
        assertThat(taught.labels()[asked.ids().length]).isNotEqualTo(TokenizedSample.IGNORED);
    }

    @Test
    void asksTheLastOfSeveralQuestionsWithTheIdsItWasTaughtWith() throws IOException {
        var before = List.of(human("<image>\n<image>\nWhat is this?"), gpt("An epoch."));
        var system = Optional.of("You stage sleep.");
        var taught = prompts.sample(
                new InstructionSample(
                        "a",
                        List.of("a.png", "a.png"),
                        List.of(before.get(0), before.get(1), human(QUESTION), gpt(ANSWER)),
                        system,
                        Optional.empty(),
                        true,
                        Optional.empty()),
                FILE);

        var asked = prompts.prompt("a", 2, QUESTION, new Context(system, before));

        assertThat(Arrays.copyOf(taught.ids(), asked.ids().length)).isEqualTo(asked.ids());
        assertThat(prompts.promptText(2, QUESTION, new Context(system, before)))
                .isEqualTo("You stage sleep. USER: <image>\n<image>\nWhat is this? ASSISTANT: An epoch.</s>USER: "
                        + QUESTION + " ASSISTANT:");
    }

    @Test
    void putsTagsInFrontWhereverTheyWere() throws IOException {
        var behind = prompts.sample(sample(1, human(QUESTION + "\n<image>"), gpt(ANSWER)), FILE);
        var before = prompts.sample(sample(1, human("<image>\n" + QUESTION), gpt(ANSWER)), FILE);

        assertThat(behind.ids()).isEqualTo(before.ids());
    }

    @Test
    void givesTheIdsOfTheWholeTextTurnAfterTurn() throws IOException {
        var sample = prompts.sample(sample(0, human("Why?"), gpt("The epoch."), human("What?"), gpt("Sleep.")), FILE);

        var rounds = List.of(
                new Conversation.Round("Why?", Optional.of("The epoch.")),
                new Conversation.Round("What?", Optional.of("Sleep.")));
        assertThat(sample.ids()).isEqualTo(tokenizer.encode(Conversation.V1.text(rounds)));
    }

    @Test
    void continuesAClosedSetAtATokensEdge() {
        assertThat(tokenizer.decode(prompts.continuation("The stage is", " N2")))
                .isEqualTo("N2");
        assertThat(prompts.continuation("The stage is", " Wake")).hasSize(1);
        assertThatThrownBy(() -> prompts.continuation("The stage i", "s")).hasMessageContaining("token's edge");
    }

    @Test
    void rendersTheTemplateOfLlama3() {
        var rounds =
                List.of(new Conversation.Round("Q", Optional.of("A")), new Conversation.Round("Q2", Optional.empty()));

        assertThat(Conversation.LLAMA_3.text(rounds))
                .isEqualTo("<|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|>"
                        + "<|start_header_id|>user<|end_header_id|>\n\nQ2<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\n");
    }

    @Test
    void rendersTheTemplateOfLlama2WithMetasSystemText() {
        var rounds =
                List.of(new Conversation.Round("Q", Optional.of("A")), new Conversation.Round("Q2", Optional.empty()));

        assertThat(Conversation.LLAMA_2.text(rounds))
                .startsWith("[INST] <<SYS>>\nYou are a helpful, respectful and honest assistant. Always")
                .contains("while being safe.  Your answers", "positive in nature.\n\nIf a question")
                .endsWith("share false information.\n<</SYS>>\n\nQ [/INST] A </s><s>[INST] Q2 [/INST]");
    }

    @Test
    void dropsNothingWhereTheTokenizerBeginsNoText() throws IOException {
        try (var gpt = LlamaTokenizer.load(TOKENIZERS.resolve("gpt2-like"))) {
            var ids = new PromptTokenizer(gpt, Conversation.V1)
                    .prompt("a", 2, "Why?")
                    .ids();

            var expected = IntStream.builder();
            Arrays.stream(gpt.encode(SystemTexts.chat("user") + " USER: ")).forEach(expected::add);
            expected.add(TokenizedSample.IMAGE);
            Arrays.stream(gpt.encode("\n")).forEach(expected::add);
            expected.add(TokenizedSample.IMAGE);
            Arrays.stream(gpt.encode("\nWhy? ASSISTANT:")).forEach(expected::add);
            assertThat(ids).isEqualTo(expected.build().toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2-like, V1", "byte-level, LLAVA_LLAMA_3", "byte-level, V1", "llama-legacy, LLAVA_LLAMA_2"})
    void startsAnAnswerAsItWasTaught(String name, Conversation conversation) throws IOException {
        try (var other = LlamaTokenizer.load(TOKENIZERS.resolve(name))) {
            var tokens = new PromptTokenizer(other, conversation);
            var sample = tokens.sample(sample(1, human("<image>\nWhy?"), gpt("The stage is N2.")), FILE);
            var learnt = Arrays.stream(sample.labels())
                    .filter(label -> label != TokenizedSample.IGNORED)
                    .toArray();

            assertThat(learnt).startsWith(tokens.answerStart("The stage is")).endsWith(tokens.end());
            assertThat(Arrays.copyOf(learnt, tokens.answerStart("The stage is N2.").length))
                    .startsWith(tokens.answerStart("The stage is"))
                    .endsWith(tokens.continuation("The stage is", " N2."));
            assertThat(Arrays.copyOf(sample.ids(), sample.ids().length - learnt.length))
                    .isEqualTo(tokens.prompt("a", 1, "Why?").ids());
        }
    }

    @Test
    void endsAnAnswerWithTheTokenOfTheTemplate() throws IOException {
        try (var llama3 = LlamaTokenizer.load(TOKENIZERS.resolve("byte-level"))) {
            assertThat(new PromptTokenizer(llama3, Conversation.LLAMA_3).end())
                    .isEqualTo(llama3.token("<|eot_id|>").orElseThrow());
            assertThat(new PromptTokenizer(llama3, Conversation.V1).end()).isEqualTo(llama3.eos());
        }
    }

    @Test
    void putsASamplesSystemTextInPlaceOfTheTemplates() throws IOException {
        var plain = sample(0, human("Why?"), gpt("So."));
        var own = new InstructionSample(
                "a",
                List.of(),
                plain.conversations(),
                Optional.of("You stage sleep."),
                Optional.empty(),
                true,
                Optional.empty());

        var ids = prompts.sample(own, FILE).ids();

        assertThat(ids).isNotEqualTo(prompts.sample(plain, FILE).ids());
        assertThat(Arrays.copyOf(ids, tokenizer.encode("You stage sleep. USER: Why?").length))
                .isEqualTo(tokenizer.encode("You stage sleep. USER: Why?"));
    }

    @Test
    void refusesATemplateWhoseTokensTheTokenizerHasNot() {
        assertThatThrownBy(() -> new PromptTokenizer(tokenizer, Conversation.LLAMA_3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the conversation llama_3 needs the token <|eot_id|>, which this tokenizer has not");
    }

    @Test
    void refusesTwoTagsWithOnePicture() {
        var sample = sample(1, human("<image>\n<image>\nWhy?"), gpt(ANSWER));

        assertThatThrownBy(() -> prompts.sample(sample, FILE))
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("eeg_ft.json, sample a: 2 <image> tags, but 1 pictures");
        assertThatThrownBy(() -> prompts.prompt("a", 1, "<image> or <image>?"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sample a: 2 <image> tags, but 1 pictures");
    }

    @Test
    void refusesAnEmptyAnswer() {
        assertThatThrownBy(() -> prompts.sample(sample(0, human("Why?"), gpt(" ")), FILE))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("sample a: an answer is empty");
    }

    @Test
    void refusesTurnsThatDoNotAlternate() {
        assertThatThrownBy(() -> prompts.sample(sample(0, human("Why?"), human("Why?")), FILE))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("must alternate");
    }

    static InstructionSample sample(int pictures, Turn... turns) {
        return new InstructionSample(
                "a", Collections.nCopies(pictures, "a.png"), List.of(turns), Optional.empty(), true);
    }

    static Turn human(String text) {
        return new Turn(Turn.HUMAN, text);
    }

    static Turn gpt(String text) {
        return new Turn(Turn.GPT, text);
    }
}
