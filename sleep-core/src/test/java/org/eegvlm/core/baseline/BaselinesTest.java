package org.eegvlm.core.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselinesTest {

    @TempDir
    Path folder;

    @Test
    void bandPowersTellAlphaFromSlowWaves() throws IOException {
        var scores = Scores.of(run(BaselineMethod.BANDPOWER, "bandpower.jsonl"));

        assertThat(scores.models()).containsExactly("bandpower");
        assertThat(scores.overall().n()).isEqualTo(5);
        assertThat(scores.overall().accuracy()).isEqualTo(1);
    }

    @Test
    void theMajorityIsAlwaysTheSame() throws IOException {
        var answers = run(BaselineMethod.MAJORITY, "majority.jsonl");

        assertThat(answers).extracting(Answer::text).containsOnly("The stage is N3.");
        assertThat(answers.get(0).metadata().probabilities().orElseThrow())
                .containsAllEntriesOf(Map.of("Wake", 0.4, "N2", 0.0));
        assertThat(answers.get(0).metadata().image()).contains("B-0.png");
        assertThat(Scores.of(answers).overall().kappa()).isZero();
    }

    @Test
    void theAnswersFileHoldsTheAnswers() throws IOException {
        var answers = run(BaselineMethod.BANDPOWER, "answers.jsonl");

        assertThat(Answer.readAll(folder.resolve("answers.jsonl"))).isEqualTo(answers);
        assertThat(folder.resolve("answers.config.json")).content().contains("\"method\" : \"bandpower\"");
    }

    @Test
    void theSameManifestGivesTheSameBytes() throws IOException {
        run(BaselineMethod.BANDPOWER, "one.jsonl");
        run(BaselineMethod.BANDPOWER, "two.jsonl");

        assertThat(folder.resolve("one.jsonl")).hasSameBinaryContentAs(folder.resolve("two.jsonl"));
    }

    @Test
    void aFinishedOutputIsNotReplaced() throws IOException {
        run(BaselineMethod.MAJORITY, "answers.jsonl");

        assertThatThrownBy(() -> run(BaselineMethod.MAJORITY, "answers.jsonl"))
                .isInstanceOf(OutputExistsException.class);
    }

    @Test
    void aManifestWithoutTrainingEpochsIsRefused() throws IOException {
        var manifest = TinyNights.in(folder);
        var evalOnly = Files.readAllLines(manifest).subList(5, 10);
        Files.write(manifest, evalOnly);

        assertThatThrownBy(() -> Baselines.run(
                        new BaselineConfig(manifest, folder.resolve("a.jsonl"), BaselineMethod.MAJORITY, false),
                        Progress.SILENT))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("no scored epoch in the train split");
    }

    private List<Answer> run(BaselineMethod method, String output) throws IOException {
        var config = new BaselineConfig(TinyNights.in(folder), folder.resolve(output), method, false);
        return Baselines.run(config, Progress.SILENT);
    }
}
