package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.eegvlm.core.SleepStage.N1;
import static org.eegvlm.core.SleepStage.N2;
import static org.eegvlm.core.SleepStage.N3;
import static org.eegvlm.core.SleepStage.WAKE;
import static org.eegvlm.core.manifest.Rows.scored;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class BalanceTest {

    private static final StageCounts COUNTS = new StageCounts(Map.of(WAKE, 10, N1, 20, N2, 70));

    @Provide
    Arbitrary<StageCounts> counts() {
        return Arbitraries.maps(
                        Arbitraries.of(SleepStage.class), Arbitraries.integers().between(1, 300))
                .ofMinSize(1)
                .map(StageCounts::new);
    }

    @Provide
    Arbitrary<Balance> balances() {
        return Combinators.combine(
                        Arbitraries.of(BalanceStrategy.class),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.of(WeightMethod.class),
                        Arbitraries.longs())
                .as(Balance::new);
    }

    @Property(tries = 300)
    void makesTheTargetOutOfTheEpochs(@ForAll("counts") StageCounts counts, @ForAll("balances") Balance balance) {
        assertThat(Balance.counted(balance.of(epochs(counts)))).isEqualTo(balance.target(counts));
    }

    @Property(tries = 300)
    void keepsTheTotal(
            @ForAll("counts") StageCounts counts,
            @ForAll @DoubleRange(min = 0, max = 1) double alpha,
            @ForAll WeightMethod method) {
        var balance = new Balance(BalanceStrategy.BALANCED, alpha, method, 0);
        assertThat(balance.target(counts).total()).isEqualTo(counts.total());
    }

    @Property(tries = 300)
    void leavesNoEpochOutWhereItOversamples(
            @ForAll("counts") StageCounts counts,
            @ForAll @DoubleRange(min = 0, max = 1) double alpha,
            @ForAll WeightMethod method) {
        var epochs = epochs(counts);
        var balance = new Balance(BalanceStrategy.OVERSAMPLE, alpha, method, 0);
        assertThat(balance.of(epochs)).containsAll(epochs);
    }

    @Property(tries = 300)
    void repeatsNoEpochWhereItUndersamples(
            @ForAll("counts") StageCounts counts,
            @ForAll @DoubleRange(min = 0, max = 1) double alpha,
            @ForAll WeightMethod method) {
        var balance = new Balance(BalanceStrategy.UNDERSAMPLE, alpha, method, 0);
        assertThat(balance.of(epochs(counts))).doesNotHaveDuplicates();
    }

    @Property(tries = 300)
    void repeatsTheEpochsOfAStageEquallyOften(
            @ForAll("counts") StageCounts counts, @ForAll("balances") Balance balance) {
        var times = new EnumMap<SleepStage, HashSet<Integer>>(SleepStage.class);
        var balanced = new ArrayList<>(balance.of(epochs(counts)));
        for (var epoch : epochs(counts)) {
            int count =
                    (int) balanced.stream().filter(epoch::equals).limit(1000).count();
            times.computeIfAbsent(epoch.stage().orElseThrow(), stage -> new HashSet<>())
                    .add(count);
        }
        assertThat(times.values()).allMatch(counted -> counted.size() <= 2);
    }

    @Property(tries = 300)
    void weighsAllEpochsTogetherAsMuchAsBefore(
            @ForAll("counts") StageCounts counts, @ForAll("balances") Balance balance) {
        var weights = balance.weights(counts);
        double sum = counts.byStage().entrySet().stream()
                .mapToDouble(entry -> entry.getValue() * weights.get(entry.getKey()))
                .sum();
        assertThat(sum).isCloseTo(counts.total(), within(1e-6 * counts.total()));
    }

    @Property(tries = 300)
    void weighsARarerStageNeverLess(@ForAll("counts") StageCounts counts, @ForAll("balances") Balance balance) {
        var weights = balance.weights(counts);
        var rarestFirst = weights.keySet().stream()
                .sorted((a, b) -> Integer.compare(counts.of(a), counts.of(b)))
                .toList();
        for (int i = 1; i < rarestFirst.size(); i++) {
            assertThat(weights.get(rarestFirst.get(i))).isLessThanOrEqualTo(weights.get(rarestFirst.get(i - 1)) + 1e-9);
        }
    }

    @Test
    void mixesTheOriginalSharesWithEqualOnes() {
        var half = new Balance(BalanceStrategy.BALANCED, 0.4, WeightMethod.INVERSE, 0);
        assertThat(half.target(COUNTS).byStage()).isEqualTo(Map.of(WAKE, 24, N1, 28, N2, 48));
    }

    @Test
    void goesLessFarWithAGentlerMethod() {
        assertThat(commonBy(WeightMethod.INVERSE)).isBetween(33, 34);
        assertThat(commonBy(WeightMethod.SQRT_INVERSE)).isEqualTo(52);
        assertThat(commonBy(WeightMethod.LOG_INVERSE)).isEqualTo(51);
    }

    @Test
    void changesNothingWhereAlphaIsOne() {
        for (var strategy : BalanceStrategy.values()) {
            assertThat(new Balance(strategy, 1, WeightMethod.SQRT_INVERSE, 0).target(COUNTS))
                    .isEqualTo(COUNTS);
        }
    }

    @Test
    void growsAndShrinksAsTheStrategySays() {
        assertThat(evenly(BalanceStrategy.OVERSAMPLE).target(COUNTS).byStage())
                .isEqualTo(Map.of(WAKE, 70, N1, 70, N2, 70));
        assertThat(evenly(BalanceStrategy.UNDERSAMPLE).target(COUNTS).byStage())
                .isEqualTo(Map.of(WAKE, 10, N1, 10, N2, 10));
    }

    @Test
    void leavesOtherSplitsAndUnscoredEpochsAlone() {
        var train = Stream.of(N1, N2, N2, N2).map(stage -> scored("t" + stage, Split.TRAIN, Optional.of(stage)));
        var others = List.of(
                scored("v", Split.VALIDATION, Optional.of(N3)),
                scored("e", Split.EVAL, Optional.of(N1)),
                scored("u", Split.TRAIN, Optional.empty()));
        var balanced = evenly(BalanceStrategy.BALANCED)
                .of(Stream.concat(train, others.stream()).toList());
        assertThat(balanced).hasSize(7).containsAll(others);
        assertThat(Balance.counted(balanced).byStage()).isEqualTo(Map.of(N1, 2, N2, 2));
    }

    @Test
    void takesOtherEpochsForAnotherSeed() {
        var epochs = epochs(COUNTS);
        assertThat(new Balance(BalanceStrategy.UNDERSAMPLE, 0, WeightMethod.INVERSE, 1).of(epochs))
                .isEqualTo(new Balance(BalanceStrategy.UNDERSAMPLE, 0, WeightMethod.INVERSE, 1).of(epochs))
                .isNotEqualTo(new Balance(BalanceStrategy.UNDERSAMPLE, 0, WeightMethod.INVERSE, 2).of(epochs));
    }

    @Test
    void refusesAnAlphaThatIsNoShare() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Balance(BalanceStrategy.BALANCED, 1.5, WeightMethod.INVERSE, 0))
                .withMessage("the balance's alpha must be in [0, 1], was 1.5");
    }

    private static int commonBy(WeightMethod method) {
        return new Balance(BalanceStrategy.BALANCED, 0, method, 0)
                .target(COUNTS)
                .of(N2);
    }

    private static Balance evenly(BalanceStrategy strategy) {
        return new Balance(strategy, 0, WeightMethod.INVERSE, 0);
    }

    private static List<EpochRecord> epochs(StageCounts counts) {
        var epochs = new ArrayList<EpochRecord>();
        counts.byStage().forEach((stage, count) -> {
            for (int i = 0; i < count; i++) {
                epochs.add(scored(stage + "-" + i, Split.TRAIN, Optional.of(stage)));
            }
        });
        return epochs;
    }
}
