package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eegvlm.llama.AnswerObserver;
import org.eegvlm.llama.Ending;
import org.eegvlm.llama.GenerationOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnsweringTest {

    private static final AnswerOptions GREEDY = new AnswerOptions(Conversation.V1, FeatureMode.OFF, 6);
    private static final ClosedSet STAGES =
            new ClosedSet("The stage is", List.of(" Wake", " N1", " N2", " N3", " REM"));

    @TempDir
    static Path folder;

    private static LlavaModel model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = TinyLlava.open(TinyLlava.in(folder.resolve("base")));
    }

    @AfterAll
    static void closeModel() {
        model.close();
    }

    /** A batch this large reads its beginning once; a question alone reads all of it. */
    @Test
    void answersAlikeWhereTheBeginningIsSharedAndWhereItIsNot() {
        var options = GREEDY.withClosedSet(STAGES);
        var requests = questions("Why?", "Where is it now?", "Which sleep stage is this?", "How deep?", "N2?", "N3?");

        var together = model.answer(requests, options);

        for (int n = 0; n < requests.size(); n++) {
            var alone = model.answer(List.of(requests.get(n)), options).get(0);
            assertThat(together.get(n).tokens()).isEqualTo(alone.tokens());
            assertThat(together.get(n).probabilities().get(3))
                    .isCloseTo(alone.probabilities().get(3), within(1e-6));
        }
    }

    @Test
    void keepsTheBeginningForTheNextQuestion() {
        var requests = questions("Why is that so?", "Why not?", "When does it begin?", "Why is that so?");
        try (var answering = model.answering(GREEDY)) {
            for (var request : requests) {
                assertThat(answering.answers(List.of(request)).get(0).tokens())
                        .isEqualTo(model.answer(List.of(request), GREEDY).get(0).tokens());
            }
        }
    }

    @Test
    void findsWhatPromptsBeginWith() {
        assertThat(SharedBeginning.of(List.of(prompt(1, 5, 6, 7), prompt(1, 5, 8))))
                .containsExactly(1, 5);
        assertThat(SharedBeginning.of(List.of(prompt(1, 5), prompt(1, 5, 8)))).containsExactly(1);
        assertThat(SharedBeginning.of(
                        List.of(prompt(1, TokenizedSample.IMAGE, 6), prompt(1, TokenizedSample.IMAGE, 6))))
                .containsExactly(1);
        assertThat(SharedBeginning.of(List.of(prompt(1, 5, 6)))).containsExactly(1, 5);
    }

    @Test
    void drawsForAQuestionTheSameAloneAndInABatch() {
        var warm = GREEDY.withGeneration(
                GenerationOptions.greedy(12).withTemperature(1).withSeed(4));
        var requests = questions("Why?", "Why?", "When?");

        var together = model.answer(requests, warm);

        assertThat(together.get(1).tokens())
                .isEqualTo(model.answer(List.of(requests.get(1)), warm).get(0).tokens());
        assertThat(together.get(0).tokens()).isNotEqualTo(together.get(1).tokens());
    }

    @Test
    void tellsTheAnswerWhileItIsWritten() {
        var parts = new ArrayList<AnswerObserver.Part>();
        try (var answering = model.answering(GREEDY)) {
            var answer = answering.answers(questions("Why?"), parts::add).get(0);

            assertThat(parts.stream().map(AnswerObserver.Part::text).collect(Collectors.joining()))
                    .isEqualToIgnoringWhitespace(answer.text());
            assertThat(parts.get(parts.size() - 1).ending()).contains(answer.ending());
        }
    }

    @Test
    void answersTheNextQuestionAfterOneThatWasCancelled() {
        var options = GREEDY.withClosedSet(STAGES);
        try (var answering = model.answering(options)) {
            var cancelled =
                    answering.answers(questions("Why?"), new CancelledAtOnce()).get(0);
            var next = answering.answers(questions("Why?")).get(0);

            assertThat(cancelled.ending()).isEqualTo(Ending.CANCELLED);
            assertThat(cancelled.tokens()).isEmpty();
            assertThat(cancelled.probabilities()).isEmpty();
            assertThat(next.tokens())
                    .isEqualTo(model.answer(questions("Why?"), options).get(0).tokens());
        }
    }

    private static final class CancelledAtOnce implements AnswerObserver {
        @Override
        public void on(Part part) {}

        @Override
        public boolean cancelled(int row) {
            return true;
        }
    }

    private static List<VqaRequest> questions(String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(n -> new VqaRequest("q" + n, List.of(), Optional.empty(), texts[n]))
                .toList();
    }

    private static TokenizedSample prompt(int... ids) {
        var labels = new int[ids.length];
        Arrays.fill(labels, TokenizedSample.IGNORED);
        return new TokenizedSample("a", ids, labels);
    }
}
