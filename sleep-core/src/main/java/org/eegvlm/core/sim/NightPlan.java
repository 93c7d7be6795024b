package org.eegvlm.core.sim;

import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.SleepStage;

/**
 * What a scorer would score: a stage for each epoch of the night.
 *
 * <p>A semi-Markov course of sleep cycles (Feinberg and Floyd 1979; Carskadon and Dement): wake, N1, N2, N3, N2, REM,
 * with log-normal dwell times, N3 mostly in the first cycles and REM mostly in the last, short awakenings after REM, and
 * interruptions of one epoch: an N1 in N2, an N2 in N3, a wake in REM. A shortened night has shorter cycles, not fewer
 * stages. Of a usual night about 17 % is W, 13 % N1, 35 % N2, 17 % N3, 18 % REM.
 */
final class NightPlan {

    private static final int SHORT_CYCLE_EPOCHS = 36;
    private static final int MOST_CYCLES = 5;
    private static final double DWELL_DEVIATION = 0.25;

    private final Chance chance;
    private final List<Segment> segments = new ArrayList<>();

    private NightPlan(Chance chance) {
        this.chance = chance;
    }

    /** @param weight how long it lasts, compared with the other segments */
    private record Segment(SleepStage stage, double weight) {}

    static List<SleepStage> draw(int epochs, Chance chance) {
        var plan = new NightPlan(chance);
        plan.drawSegments(Math.max(1, Math.min(MOST_CYCLES, Math.round(epochs / (float) SHORT_CYCLE_EPOCHS))));
        return plan.interrupted(plan.filled(epochs));
    }

    private void drawSegments(int cycles) {
        add(SleepStage.WAKE, 7.5);
        for (int cycle = 0; cycle < cycles; cycle++) {
            double late = cycles == 1 ? 0.5 : cycle / (cycles - 1.0);
            add(SleepStage.N1, 3.6);
            add(SleepStage.N2, 8);
            add(SleepStage.N3, 10.5 - 8 * late);
            add(SleepStage.N2, 5 + 3 * late);
            add(SleepStage.REM, 4.5 + 4 * late);
            if (cycle < cycles - 1) {
                add(SleepStage.WAKE, 2.5);
            }
        }
        add(SleepStage.WAKE, 4);
    }

    private void add(SleepStage stage, double weight) {
        segments.add(new Segment(stage, weight * chance.factor(DWELL_DEVIATION)));
    }

    /** Gives each segment at least one epoch, and its share of the rest. */
    private List<SleepStage> filled(int epochs) {
        double whole = segments.stream().mapToDouble(Segment::weight).sum();
        int rest = epochs - segments.size();
        var stages = new ArrayList<SleepStage>(epochs);
        double until = 0;
        for (int i = 0; i < segments.size(); i++) {
            until += segments.get(i).weight();
            long end = i + 1 + StrictMath.round(rest * until / whole);
            while (stages.size() < end) {
                stages.add(segments.get(i).stage());
            }
        }
        return stages;
    }

    private List<SleepStage> interrupted(List<SleepStage> stages) {
        var result = new ArrayList<>(stages);
        for (int epoch = 1; epoch < stages.size() - 1; epoch++) {
            var stage = stages.get(epoch);
            boolean steady = stages.get(epoch - 1) == stage && stages.get(epoch + 1) == stage;
            if (steady && chance.happens(0.07)) {
                result.set(epoch, interruption(stage));
            }
        }
        return result;
    }

    private static SleepStage interruption(SleepStage stage) {
        return switch (stage) {
            case WAKE, N2 -> SleepStage.N1;
            case N3 -> SleepStage.N2;
            case N1, REM -> SleepStage.WAKE;
        };
    }
}
