package org.eegvlm.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {

    @TempDir
    Path folder;

    @Test
    void readsBackWhatWasWritten() throws IOException {
        var card = new ModelCard(
                Optional.empty(),
                "v1",
                "Which stage?",
                "fuse",
                Optional.of("sha"),
                List.of("a"),
                List.of("a", "b"),
                Optional.empty(),
                true);

        card.write(folder);

        assertThat(ModelCard.in(folder)).contains(card);
    }

    @Test
    void refusesACardThatDoesNotSayWhomItsModelHasSeen() throws IOException {
        Files.writeString(folder.resolve("eegvlm.json"), """
                {"conversation": "v1", "question": "Which stage?", "feature_mode": "fuse", "encoder_subjects": []}
                """);

        assertThatThrownBy(() -> ModelCard.in(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("one is missing");
    }
}
