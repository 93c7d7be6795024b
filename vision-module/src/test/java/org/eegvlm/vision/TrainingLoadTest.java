package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
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
    void staysTheOneThatATrainingBeganWith() {
        var begun = new Load(4, 1);

        assertThat(load("vim_tiny", 80).choose(Optional.of(begun), THREADS, gibibytes(64)))
                .isEqualTo(begun);
    }

    private static Load choose(String backbone, int pixels, long gibibytes) {
        return load(backbone, pixels).choose(Optional.empty(), THREADS, gibibytes(gibibytes));
    }

    private static TrainingLoad load(String backbone, int pixels) {
        var engine = VisionEngine.named(VisionEngine.DEFAULT);
        var config = VisionConfig.of(Path.of("epochs.jsonl"), Path.of("model"));
        return new TrainingLoad(config, engine, engine.network(backbone, pixels));
    }

    private static Optional<MemoryAtHand> gibibytes(long count) {
        return Optional.of(new MemoryAtHand(count << 30));
    }
}
