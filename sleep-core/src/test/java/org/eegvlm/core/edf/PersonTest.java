package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PersonTest {

    private static final Optional<LocalDate> RECORDED = Optional.of(LocalDate.of(1989, 4, 24));

    @Test
    void readsTheFieldsOfEdfPlus() {
        assertThat(Person.of("MCH-0234567 F 02-MAY-1951 Haagse_Harry", RECORDED))
                .isEqualTo(new Person(Optional.of(Person.Sex.FEMALE), Optional.of(37)));
    }

    @Test
    void readsTheAgeThatSleepEdfWritesForAName() {
        assertThat(Person.of("X M X Male_26yr", RECORDED))
                .isEqualTo(new Person(Optional.of(Person.Sex.MALE), Optional.of(26)));
    }

    @Test
    void knowsNothingOfOtherIdentifications() {
        assertThat(Person.of("F 33 years", RECORDED)).isEqualTo(Person.UNKNOWN);
        assertThat(Person.of("X X X X", RECORDED)).isEqualTo(Person.UNKNOWN);
        assertThat(Person.of("X X 02-MAY-2051 X", RECORDED)).isEqualTo(Person.UNKNOWN);
    }
}
