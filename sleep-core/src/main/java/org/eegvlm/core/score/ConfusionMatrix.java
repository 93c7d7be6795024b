package org.eegvlm.core.score;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.core.SleepStage;

/**
 * How often each stage was answered where each was true.
 *
 * <p>Every figure counts unreadable answers as wrong ones: they are a sixth category that is never true.
 *
 * @param counts one row a true stage, one column an answered stage, both in the order of {@link SleepStage}, and a last
 *     column of unreadable answers: 5 × 6
 */
public record ConfusionMatrix(List<List<Integer>> counts) {

    private static final int STAGES = SleepStage.values().length;

    public ConfusionMatrix {
        if (counts.size() != STAGES || counts.stream().anyMatch(row -> row.size() != STAGES + 1)) {
            throw new IllegalArgumentException("a confusion matrix has 5 rows of 6 counts, was " + counts);
        }
        counts = counts.stream().map(List::copyOf).toList();
    }

    /**
     * @throws IllegalArgumentException if an answer has no label to be compared with
     */
    public static ConfusionMatrix of(List<Answer> answers) {
        var counts = new Integer[STAGES][STAGES + 1];
        Arrays.stream(counts).forEach(row -> Arrays.fill(row, 0));
        for (var answer : answers) {
            var truth = answer.label()
                    .orElseThrow(() -> new IllegalArgumentException("the answer to " + answer.questionId()
                            + " has no label: a night without a hypnogram cannot be scored"));
            counts[truth.ordinal()][column(AnswerParser.parse(answer.text()))]++;
        }
        return new ConfusionMatrix(Arrays.stream(counts).map(List::of).toList());
    }

    /** How often {@code answer} was said where {@code truth} was true. */
    public int count(SleepStage truth, SleepStage answer) {
        return counts.get(truth.ordinal()).get(answer.ordinal());
    }

    /** How often nothing readable was said where {@code truth} was true. */
    public int unreadable(SleepStage truth) {
        return counts.get(truth.ordinal()).get(STAGES);
    }

    public int unreadable() {
        return columnSum(STAGES);
    }

    /** How many epochs the stage was true in. */
    public int support(SleepStage truth) {
        return rowSum(truth.ordinal());
    }

    public int total() {
        return IntStream.range(0, STAGES).map(this::rowSum).sum();
    }

    /** The share of right answers; 0 where there are none at all. */
    public double accuracy() {
        return ratio(IntStream.range(0, STAGES).map(i -> counts.get(i).get(i)).sum(), total());
    }

    /** The share of right ones among the answers that name this stage; 0 where none does. */
    public double precision(SleepStage stage) {
        return ratio(count(stage, stage), columnSum(stage.ordinal()));
    }

    /** The share of this stage's epochs that were answered right; 0 where there are none. */
    public double recall(SleepStage stage) {
        return ratio(count(stage, stage), support(stage));
    }

    /** The harmonic mean of precision and recall; 0 where the stage is neither true nor answered anywhere. */
    public double f1(SleepStage stage) {
        return ratio(2.0 * count(stage, stage), support(stage) + columnSum(stage.ordinal()));
    }

    /** The mean F1 of those stages that are true or answered somewhere. */
    public double macroF1() {
        return Arrays.stream(SleepStage.values())
                .filter(stage -> support(stage) + columnSum(stage.ordinal()) > 0)
                .mapToDouble(this::f1)
                .average()
                .orElse(0);
    }

    /**
     * Cohen's κ (Cohen 1960): agreement beyond that expected by chance from how often each side names each stage. Where
     * chance alone would agree always (one stage, nothing else, on both sides) κ is undefined, and 0 here.
     */
    public double cohenKappa() {
        double n = total();
        double chance = IntStream.range(0, STAGES)
                .mapToDouble(i -> ratio(rowSum(i), n) * ratio(columnSum(i), n))
                .sum();
        return ratio(accuracy() - chance, 1 - chance);
    }

    private static int column(ParsedAnswer answer) {
        return answer instanceof ParsedAnswer.Staged staged ? staged.stage().ordinal() : STAGES;
    }

    private int rowSum(int row) {
        return counts.get(row).stream().mapToInt(Integer::intValue).sum();
    }

    private int columnSum(int column) {
        return counts.stream().mapToInt(row -> row.get(column)).sum();
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
