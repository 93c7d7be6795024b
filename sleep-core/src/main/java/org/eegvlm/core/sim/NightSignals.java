package org.eegvlm.core.sim;

import java.util.ArrayList;
import java.util.List;
import org.eegvlm.core.SleepStage;

/**
 * The signals of one simulated night, in µV at {@link Background#RATE_HZ}; the chin EMG is an envelope, one value a
 * second, as Sleep-EDF's cassette recorder wrote it.
 */
final class NightSignals {

    private static final int RATE_HZ = Background.RATE_HZ;
    private static final double EYE_SHARE = 0.4; // how much of the frontal EEG the EOG sees

    final double[] frontal;
    final double[] occipital;
    final double[] ocular;
    final double[] chin;

    private NightSignals(int seconds) {
        frontal = new double[seconds * RATE_HZ];
        occipital = new double[seconds * RATE_HZ];
        ocular = new double[seconds * RATE_HZ];
        chin = new double[seconds];
    }

    static NightSignals draw(List<SleepStage> plan, SimulatedSubject subject, Chance chance) {
        var course = StageCourse.draw(plan, chance);
        var moods = new ArrayList<EpochMood>();
        plan.forEach(stage -> moods.add(EpochMood.draw(chance)));
        var signals = new NightSignals(course.length);
        signals.addBackground(signals.frontal, course, moods, subject, chance);
        signals.addBackground(signals.occipital, course, moods, subject, chance);
        signals.addBackgroundToEyes(chance);
        var script = new WaveScript(subject, chance, signals);
        for (int second = 0; second < course.length; second++) {
            script.play(second, course[second], moods.get(second / StageCourse.EPOCH_SECONDS));
            signals.chin[second] = muscleTone(course[second]) * chance.factor(0.2);
        }
        signals.throughAmplifier(subject, chance);
        return signals;
    }

    /** Adds a wave where it is seen; what would come after the end of the night is lost. */
    void add(Wave wave, double startSecond, double amplitude) {
        int start = (int) (startSecond * RATE_HZ);
        int count = Math.min(wave.samples().length, frontal.length - start);
        for (int i = 0; i < count; i++) {
            double value = amplitude * wave.samples()[i];
            frontal[start + i] += wave.frontal() * value;
            occipital[start + i] += wave.occipital() * value;
            ocular[start + i] += wave.ocular() * value;
        }
    }

    private void addBackground(
            double[] channel, SleepStage[] course, List<EpochMood> moods, SimulatedSubject subject, Chance chance) {
        for (var band : Background.Band.values()) {
            var noise = Background.noise(band, channel.length, chance);
            var levels = levels(band, course, moods, subject);
            for (int i = 0; i < channel.length; i++) {
                int second = i / RATE_HZ;
                double next = levels[Math.min(second + 1, levels.length - 1)];
                double part = i % RATE_HZ / (double) RATE_HZ;
                channel[i] += noise[i] * (levels[second] + part * (next - levels[second]));
            }
        }
    }

    private static double[] levels(
            Background.Band band, SleepStage[] course, List<EpochMood> moods, SimulatedSubject subject) {
        var levels = new double[course.length];
        for (int second = 0; second < course.length; second++) {
            var mood = moods.get(second / StageCourse.EPOCH_SECONDS);
            levels[second] = Background.levels(course[second])[band.ordinal()]
                    * subject.amplitude()
                    * subject.bands()[band.ordinal()]
                    * mood.level()
                    * mood.bands()[band.ordinal()];
        }
        return levels;
    }

    private void addBackgroundToEyes(Chance chance) {
        var own = Background.noise(Background.Band.PINK, ocular.length, chance);
        for (int i = 0; i < ocular.length; i++) {
            ocular[i] += EYE_SHARE * frontal[i] + 5 * own[i];
        }
    }

    /** Relative to the recorder's range of 5; REM sleep is atonic. */
    private static double muscleTone(SleepStage stage) {
        return switch (stage) {
            case WAKE -> 3;
            case N1 -> 2.2;
            case N2 -> 1.7;
            case N3 -> 1.4;
            case REM -> 0.5;
        };
    }

    private void throughAmplifier(SimulatedSubject subject, Chance chance) {
        for (var channel : List.of(frontal, occipital, ocular)) {
            for (int i = 0; i < channel.length; i++) {
                channel[i] += chance.uniform(-1, 1) * StrictMath.sqrt(3) * subject.sensorNoise();
            }
            highPass(channel);
        }
    }

    /** First order, 0.5 Hz, as the header says. */
    private static void highPass(double[] channel) {
        double keep = StrictMath.exp(-2 * StrictMath.PI * 0.5 / RATE_HZ);
        double before = 0;
        double value = 0;
        for (int i = 0; i < channel.length; i++) {
            value = keep * (value + channel[i] - before);
            before = channel[i];
            channel[i] = value;
        }
    }
}
