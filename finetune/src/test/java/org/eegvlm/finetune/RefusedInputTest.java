package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;

class RefusedInputTest extends OnTinyRun {

    @Test
    void refusesAnOutputThatExists() throws IOException {
        tiny.run(tiny.config("out", FeatureMode.FUSE, 1));

        assertThatThrownBy(() -> tiny.run(tiny.config("out", FeatureMode.FUSE, 1)))
                .isInstanceOf(OutputExistsException.class);
    }

    @Test
    void refusesAnOutputThatHoldsAnInput() {
        assertThatThrownBy(() -> tiny.config("images/.."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds the input");
        assertThatThrownBy(() -> tiny.config("base/out"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lies in the model's folder");
    }

    @Test
    void refusesToShowPicturesToAPlainLlama() throws IOException {
        tiny.blind();

        assertRefused(tiny.config("out", FeatureMode.OFF, 1), "SIM4011-0000", "no vision tower");
        assertThatThrownBy(() -> tiny.run(tiny.config("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--feature-mode off");
    }

    @Test
    void refusesTwoTagsWithOnePicture() throws IOException {
        tiny.writeData(List.of(TinyRun.sample(0, List.of("0.png"), "The stage is N2.")));

        assertRefused("SIM4011-0000", "2 <image> tags, but 1 pictures");
    }

    @Test
    void refusesRowsOfOtherSamples() throws IOException {
        var ids = tiny.ids().stream()
                .map(id -> id.replace("SIM4011-0003", "SIM4011-0099"))
                .toList();
        tiny.writeFeatures(ids, new Random(0));

        assertRefused("no row for sample SIM4011-0003");
    }

    @Test
    void refusesFewerRowsThanSamples() throws IOException {
        tiny.writeRows(tiny.features(), tiny.ids().subList(0, 10));

        assertRefused("has no row for sample SIM4011-0010");
    }

    @Test
    void refusesASampleWithNothingToLearn() throws IOException {
        var tooLong = TinyRun.sample(0, List.of("0.png", "0.png"), "Wake. ".repeat(300));
        tiny.writeData(List.of(TinyRun.sample(1, tooLong.images(), "N2."), tooLong));
        tiny.writeFeatures(List.of("SIM4011-0000", "SIM4011-0001"), new Random(0));
        var config = tiny.config("out");
        var shorter = config.withInput(InputConfig.DEFAULT.withMaxLength(20));

        assertThatThrownBy(() -> tiny.run(shorter))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("nothing in it is to be learnt");
    }

    @Test
    void refusesAMissingPicture() throws IOException {
        Files.delete(tiny.images().resolve("7.png"));

        assertThatThrownBy(() -> tiny.run(tiny.config("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SIM4011-0007");
    }

    /** After CVE-2025-61784: data files name pictures, and must not reach other files. */
    @Test
    void refusesAPictureOutsideTheFolder() throws IOException {
        Files.copy(tiny.images().resolve("0.png"), folder.resolve("secret.png"));
        tiny.writeData(List.of(TinyRun.sample(0, List.of("0.png", "../secret.png"), "The stage is N2.")));

        assertRefused("eeg_ft.json", "SIM4011-0000", "'../secret.png' leads out of");
    }

    private void assertRefused(String... words) {
        assertRefused(tiny.config("out"), words);
    }

    private void assertRefused(FineTuneConfig config, String... words) {
        assertThatThrownBy(() -> tiny.run(config))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll(words);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
