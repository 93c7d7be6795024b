package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SubjectFoldsTest {

    @Provide
    Arbitrary<Set<String>> subjects() {
        return Arbitraries.strings().alpha().ofLength(3).set().ofMinSize(2).ofMaxSize(40);
    }

    @Property(tries = 200)
    void putsEverySubjectInExactlyOneFold(
            @ForAll("subjects") Set<String> subjects,
            @ForAll @IntRange(min = 2, max = 12) int folds,
            @ForAll long seed) {
        Assume.that(subjects.size() >= folds);
        var dealt = SubjectFolds.of(subjects, folds, seed);
        assertThat(dealt.folds()).hasSize(folds);
        assertThat(dealt.folds().stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(subjects);
    }

    @Property(tries = 200)
    void makesFoldsThatDifferByOneSubjectAtMost(
            @ForAll("subjects") Set<String> subjects,
            @ForAll @IntRange(min = 2, max = 12) int folds,
            @ForAll long seed) {
        Assume.that(subjects.size() >= folds);
        var sizes = SubjectFolds.of(subjects, folds, seed).folds().stream()
                .mapToInt(List::size)
                .summaryStatistics();
        assertThat(sizes.getMax() - sizes.getMin()).isLessThanOrEqualTo(1);
    }

    @Property(tries = 200)
    void splitsAllSubjectsBetweenAFoldAndTheOthers(@ForAll("subjects") Set<String> subjects, @ForAll long seed) {
        var dealt = SubjectFolds.of(subjects, 2, seed);
        var all = new ArrayList<>(dealt.subjects(1));
        all.addAll(dealt.others(1));
        assertThat(all).containsExactlyInAnyOrderElementsOf(subjects);
        assertThat(dealt.others(1)).allMatch(subject -> dealt.foldOf(subject) == 0);
    }

    @Property(tries = 200)
    void dependsOnTheSeedAndNotOnTheOrderOfNames(@ForAll("subjects") Set<String> subjects, @ForAll long seed) {
        var shuffled = new ArrayList<>(subjects);
        shuffled.addAll(subjects); // a second night each
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(SubjectFolds.of(shuffled, 2, seed)).isEqualTo(SubjectFolds.of(subjects, 2, seed));
    }

    @Test
    void dealsDifferentlyForAnotherSeed() {
        var subjects = IntStream.range(0, 20).mapToObj(String::valueOf).toList();
        assertThat(SubjectFolds.of(subjects, 5, 1)).isNotEqualTo(SubjectFolds.of(subjects, 5, 2));
    }

    @Test
    void leavesEachSubjectOutOnce() {
        assertThat(SubjectFolds.leaveOneOut(List.of("b", "a", "b", "c")).folds())
                .containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void refusesFewerSubjectsThanFolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubjectFolds.of(List.of("a", "b"), 3, 0))
                .withMessage("2 subjects are too few for 3 folds");
    }

    @Test
    void refusesASubjectInTwoFolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SubjectFolds(List.of(List.of("a"), List.of("a", "b"))))
                .withMessage("subject a is in two folds");
    }

    @Test
    void knowsNoOneElse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubjectFolds.leaveOneOut(List.of("a", "b")).foldOf("c"))
                .withMessage("subject c is in no fold");
    }
}
