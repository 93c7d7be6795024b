package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.vision.engine.VisionEngine;
import org.junit.jupiter.api.Test;

class TrainingLoadTest {

    private static final int THREADS = 2;

    @Test
    void isAWholeStepsPicturesOnAnOrdinaryMachine() {
        assertThat(choose("vim_tiny", 80, 4)).isEqualTo(new Load(16, THREADS));
    }

    @Test
    void isFewerPicturesAtOnceWhereANetworkKeepsMuchOfEach() {
        assertThat(choose("vim_tiny", 224, 4)).isEqualTo(new Load(2, THREADS));
    }

    @Test
    void leavesBatchNormSomePicturesToTakeItsStatisticsOf() {
        assertThat(choose("resnet18", 224, 1)).isEqualTo(new Load(8, THREADS));
        assertThat(load("resnet18", 224)
                        .engine()
                        .normsOverPictures(load("resnet18", 224).network()))
                .isTrue();
        assertThat(load("vit_small", 224)
                        .engine()
                        .normsOverPictures(load("vit_small", 224).network()))
                .isFalse();
    }

    @Test
    void leavesAStepWholeThatHasMoreThanABatch() {
        for (int epochs : new int[] {17, 23}) {
            int step = Schedule.DEFAULT.largestStep(epochs);

            assertThat(step).isEqualTo(epochs);
            assertThat(load("vim_tiny", 80, step, Execution.DEFAULT)
                            .choose(Optional.empty(), THREADS, gibibytes(64))
                            .atOnce())
                    .isEqualTo(epochs);
        }
    }

    @Test
    void refusesPartsThatAreTooSmallForBatchNorm() {
        var asked = new Execution("djl", "cpu", Optional.of(4), Optional.empty());

        assertThatThrownBy(() -> load("resnet18", 80, 16, asked).choose(Optional.empty(), THREADS, gibibytes(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("4 pictures at once are too few for batch norm; take --at-once 7 or more");
        assertThat(load("vim_tiny", 80, 16, asked).choose(Optional.empty(), THREADS, gibibytes(4)))
                .isEqualTo(new Load(4, THREADS));
        assertThat(load("resnet18", 80, 4, asked).choose(Optional.empty(), THREADS, gibibytes(4)))
                .isEqualTo(new Load(4, THREADS));
    }

    @Test
    void staysTheOneThatATrainingBeganWith() {
        var begun = new Load(4, 1);

        assertThat(load("vim_tiny", 80).choose(Optional.of(begun), THREADS, gibibytes(64)))
                .isEqualTo(begun);
    }

    @Test
    void refusesToGoOnAtAnotherLoadThanBegun() {
        var asked = new Execution("djl", "cpu", Optional.empty(), Optional.of(2));

        assertThatThrownBy(() ->
                        load("vim_tiny", 80, 16, asked).choose(Optional.of(new Load(4, 1)), THREADS, gibibytes(64)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the unfinished training of model began with --at-once 4 --threads 1; go on with these,"
                        + " or begin anew with --overwrite");
    }

    @Test
    void goesOnWithWhatWasBegunWhereTheEstimateExceedsTheMemory() {
        var begun = new Load(16, 1);

        assertThat(load("vim_tiny", 224).choose(Optional.of(begun), THREADS, gibibytes(4)))
                .isEqualTo(begun);
    }

    @Test
    void isTheWholeModelsBesideIt() {
        var fold = load("resnet18", 80, 17, Execution.DEFAULT);

        assertThat(fold.beside(Optional.empty(), whole(16))).isEqualTo(new Load(17, 3));
        assertThat(fold.beside(Optional.empty(), whole(8))).isEqualTo(new Load(8, 3));
    }

    private static VisionTraining.Whole whole(int atOnce) {
        return new VisionTraining.Whole(new Load(atOnce, 3), 16);
    }

    private static Load choose(String backbone, int pixels, long gibibytes) {
        return load(backbone, pixels).choose(Optional.empty(), THREADS, gibibytes(gibibytes));
    }

    private static TrainingLoad load(String backbone, int pixels) {
        return load(backbone, pixels, 16, Execution.DEFAULT);
    }

    private static TrainingLoad load(String backbone, int pixels, int step, Execution asked) {
        var engine = VisionEngine.named(VisionEngine.DEFAULT);
        var config = VisionConfig.of(Path.of("epochs.jsonl"), Path.of("model")).withExecution(asked);
        return new TrainingLoad(config, engine, engine.network(backbone, pixels), step);
    }

    private static Optional<MemoryAtHand> gibibytes(long count) {
        return Optional.of(new MemoryAtHand(count << 30));
    }
}
