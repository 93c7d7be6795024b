package org.eegvlm.core.sim;

import java.util.Arrays;
import java.util.List;
import org.eegvlm.core.SleepStage;

/**
 * What the brain does second by second, where the scorer only says what most of an epoch was: stages change within an
 * epoch, sleepers are roused for seconds, the waking nod off.
 */
final class StageCourse {

    static final int EPOCH_SECONDS = 30;
    private static final double SHIFT_SECONDS = 6;
    private static final double MOST_SHIFT_SECONDS = 11;

    private StageCourse() {}

    static SleepStage[] draw(List<SleepStage> plan, Chance chance) {
        var course = new SleepStage[plan.size() * EPOCH_SECONDS];
        fill(course, plan, chance);
        for (int epoch = 0; epoch < plan.size(); epoch++) {
            if (chance.happens(lapses(plan.get(epoch)))) {
                lapse(course, epoch * EPOCH_SECONDS + chance.whole(0, 22), chance.whole(3, 8), plan.get(epoch));
            }
        }
        return course;
    }

    /** A stage ends some seconds before or after the epoch that is scored last as it. */
    private static void fill(SleepStage[] course, List<SleepStage> plan, Chance chance) {
        int second = 0;
        for (int epoch = 0; epoch < plan.size(); epoch++) {
            int end = (epoch + 1) * EPOCH_SECONDS;
            if (epoch + 1 < plan.size() && plan.get(epoch + 1) != plan.get(epoch)) {
                double shift = chance.normal(0, SHIFT_SECONDS);
                end += (int) StrictMath.round(Math.max(-MOST_SHIFT_SECONDS, Math.min(MOST_SHIFT_SECONDS, shift)));
            }
            while (second < end) {
                course[second++] = plan.get(epoch);
            }
        }
    }

    private static void lapse(SleepStage[] course, int start, int seconds, SleepStage from) {
        var to = from == SleepStage.WAKE ? SleepStage.N1 : SleepStage.WAKE;
        Arrays.fill(course, start, Math.min(start + seconds, course.length), to);
    }

    /** How probable a short lapse is in an epoch: an arousal from sleep (AASM: at least 3 s), a nod while awake. */
    private static double lapses(SleepStage stage) {
        return switch (stage) {
            case WAKE -> 0.15;
            case N1 -> 0.25;
            case N2 -> 0.10;
            case N3 -> 0.03;
            case REM -> 0.10;
        };
    }
}
