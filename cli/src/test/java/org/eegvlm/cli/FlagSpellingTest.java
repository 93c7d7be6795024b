package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlagSpellingTest {

    @Test
    void turnsUnderscoresOfAFlagIntoDashes() {
        assertThat(FlagSpelling.withDashes(new String[] {"finetune", "--lora_alpha", "256", "--mm_projector_lr=2e-5"}))
                .containsExactly("finetune", "--lora-alpha", "256", "--mm-projector-lr=2e-5");
    }

    @Test
    void leavesValuesAlone() {
        assertThat(FlagSpelling.withDashes(new String[] {"--data_path=sleep_data/eeg_ft.json", "my_folder"}))
                .containsExactly("--data-path=sleep_data/eeg_ft.json", "my_folder");
    }

    @Test
    void leavesEverythingAfterTwoDashesAlone() {
        assertThat(FlagSpelling.withDashes(new String[] {"stage", "--", "--odd_name.edf"}))
                .containsExactly("stage", "--", "--odd_name.edf");
    }
}
