package org.eegvlm.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeedsTest {

    @Test
    void differForEveryPlaceAndAreNeverNegative() {
        var seeds = Stream.of(
                Seeds.derive(0),
                Seeds.derive(1),
                Seeds.derive(0, 0),
                Seeds.derive(0, 1),
                Seeds.derive(0, 0, 1),
                Seeds.derive(0, 1, 0),
                Seeds.derive(1, 0));

        assertThat(seeds.toList()).doesNotHaveDuplicates().allMatch(seed -> seed >= 0);
    }
}
