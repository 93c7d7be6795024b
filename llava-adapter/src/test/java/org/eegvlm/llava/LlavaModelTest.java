package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.llava.TinyLlava.FUSE;
import static org.eegvlm.llava.TinyLlava.QUESTION;
import static org.eegvlm.llava.TinyLlava.TOWER;
import static org.eegvlm.llava.TinyLlava.open;
import static org.eegvlm.llava.TinyLlava.picture;
import static org.eegvlm.llava.TinyLlava.request;
import static org.eegvlm.llava.TinyLlava.row;

import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.eegvlm.checkpoint.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LlavaModelTest {

    @TempDir
    static Path folder;

    private static Path base;
    private static LlavaModel model;

    @BeforeAll
    static void openModel() throws IOException {
        base = TinyLlava.in(folder.resolve("base"));
        model = open(base);
    }

    @AfterAll
    static void closeModel() {
        model.close();
    }

    @Test
    void answersEachQuestionAlikeAloneAndInABatch() {
        var requests = List.of(request("a", 1), request("b", 2), request("c", "Why?"));

        var together = model.answer(requests, FUSE);

        for (int n = 0; n < requests.size(); n++) {
            var alone = model.answer(List.of(requests.get(n)), FUSE).get(0);
            assertThat(together.get(n).tokens()).isEqualTo(alone.tokens());
            assertThat(together.get(n).id()).isEqualTo(requests.get(n).id());
        }
    }

    @Test
    void weighsAClosedSet() {
        var stages = new ClosedSet("The stage is", List.of(" Wake", " N1", " N2", " N3", " REM"));
        var answer = model.answer(List.of(request("a", 1)), FUSE.withClosedSet(stages))
                .get(0);

        assertThat(answer.probabilities()).hasSize(5).allMatch(p -> p > 0);
        assertThat(answer.probabilities().stream().mapToDouble(p -> p).sum()).isEqualTo(1, Offset.offset(1e-9));
        assertThat(answer.tokens())
                .isEqualTo(model.answer(List.of(request("a", 1)), FUSE).get(0).tokens());
    }

    @Test
    void letsTheFeatureRowReachTheSecondPictureOnly() {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var prompt = new PromptTokenizer(model.tokenizer(), Conversation.V1).prompt("a", 2, QUESTION);
            var layout = SpliceLayout.of(List.of(prompt), FeatureMode.FUSE, 4, 256);
            var pictures = model.towerFeatures(List.of(picture(1)));

            var one = model.splice(layout, pictures, model.featureRows(List.of(row(1))));
            var other = model.splice(layout, pictures, model.featureRows(List.of(row(2))));

            var change = one.sub(other).abs().max(new int[] {2}).toFloatArray();
            for (int t = 0; t < layout.length(); t++) {
                assertThat(change[t] > 0).isEqualTo(layout.source()[0][t] >= 4);
            }
            assertThat(one.getShape()).isEqualTo(new Shape(1, layout.length(), 32));
        }
    }

    @ParameterizedTest
    @EnumSource(FeatureMode.class)
    void answersInEveryMode(FeatureMode mode) {
        var answers = model.answer(List.of(request("a", 1)), new AnswerOptions(Conversation.V1, mode, 3));

        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).tokens()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void keepsTowerFeaturesTheSameInAnyBatch() {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var pictures = IntStream.range(0, 19).mapToObj(TinyLlava::picture).toList();

            var all = model.towerFeatures(pictures);

            assertThat(all.getShape()).isEqualTo(new Shape(19, 4, TOWER.width()));
            assertThat(all.get("17:18").toFloatArray())
                    .containsExactly(model.towerFeatures(List.of(picture(17))).toFloatArray(), Offset.offset(1e-5f));
        }
    }

    @Test
    void computesInBfloat16Too() throws IOException {
        try (var narrow =
                LlavaModel.open(base, Optional.empty(), LoadOptions.on("cpu").withType(DataType.BFLOAT16))) {
            assertThat(narrow.answer(List.of(request("a", 1)), FUSE)).hasSize(1);
        }
    }

    @Test
    void refusesAPromptThatIsTooLong() {
        var request = request("long", "why ".repeat(300));

        assertThatThrownBy(() -> model.answer(List.of(request), FUSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("sample long: a prompt of 3\\d\\d tokens .* exceed the model's 256 positions");
    }

    @Test
    void refusesAQuestionWithoutItsFeatureRow() {
        var request = new VqaRequest("a", List.of(picture(1), picture(1)), Optional.empty(), QUESTION);

        assertThatThrownBy(() -> model.answer(List.of(request), FUSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sample a has no feature row; mode fuse needs one");
    }
}
