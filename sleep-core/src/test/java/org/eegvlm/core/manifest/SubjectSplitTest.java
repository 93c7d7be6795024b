package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SubjectSplitTest {

    private static final List<String> SUBJECTS = List.of("a", "b", "c", "d", "e", "f");

    @Property
    void givesEachSplitItsNumberOfSubjects(
            @ForAll @IntRange(max = 4) int validation, @ForAll @IntRange(max = 4) int eval, @ForAll long seed) {
        var subjects = IntStream.range(0, 12).mapToObj(String::valueOf).toList();
        var splits = new SubjectSplit(validation, eval, seed).assign(subjects).values();
        assertThat(splits).hasSize(12);
        assertThat(splits.stream().filter(split -> split == Split.VALIDATION)).hasSize(validation);
        assertThat(splits.stream().filter(split -> split == Split.EVAL)).hasSize(eval);
    }

    @Property(tries = 200)
    void putsEverySubjectInExactlyOneSplit(
            @ForAll @Size(min = 4, max = 30) Set<@AlphaChars @StringLength(3) String> subjects, @ForAll long seed) {
        assertThat(new SubjectSplit(1, 2, seed).assign(subjects).keySet())
                .containsExactlyInAnyOrderElementsOf(subjects);
    }

    @Test
    void dependsOnTheSeedAndNotOnTheOrderOfNames() {
        var reversed = List.of("f", "e", "d", "c", "b", "a", "a");
        assertThat(new SubjectSplit(1, 2, 7).assign(reversed)).isEqualTo(new SubjectSplit(1, 2, 7).assign(SUBJECTS));
        assertThat(new SubjectSplit(1, 2, 8).assign(SUBJECTS)).isNotEqualTo(new SubjectSplit(1, 2, 7).assign(SUBJECTS));
    }

    @Test
    void refusesTooFewSubjects() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SubjectSplit(2, 4, 1).assign(SUBJECTS))
                .withMessageContaining("6 subjects are too few");
    }
}
