package org.eegvlm.core.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eegvlm.core.SleepStage;

/**
 * Which waves come when. Each kind comes at random, at a rate that depends on the stage and on the epoch, and not again
 * before the last of its kind has passed.
 *
 * <p>After the AASM scoring manual (Berry et al.), and the rates in Iber et al. 2007, Purcell et al. 2017 (spindles) and
 * Halász 2005 (K-complexes) in kind:
 *
 * <ul>
 *   <li>W: eyes open, blinks and looking about; eyes closed, alpha for most of the time.
 *   <li>N1: theta runs, slow rolling eyes, vertex waves, remains of alpha.
 *   <li>N2: spindles, K-complexes, now and then a slow wave.
 *   <li>N3: slow waves of 75 to 200 µV in more than a fifth of the epoch, few spindles.
 *   <li>REM: in its phasic epochs rapid eye movements and saw-tooth waves; short runs of slowed alpha.
 * </ul>
 */
final class WaveScript {

    private enum Kind {
        ALPHA,
        THETA,
        VERTEX,
        SPINDLE,
        K_COMPLEX,
        SLOW,
        SAW_TOOTH,
        BLINK,
        SACCADE,
        ROLLING_EYES
    }

    private final SimulatedSubject subject;
    private final Chance chance;
    private final NightSignals signals;
    private final Map<Kind, Double> busyUntil = new EnumMap<>(Kind.class);

    WaveScript(SimulatedSubject subject, Chance chance, NightSignals signals) {
        this.subject = subject;
        this.chance = chance;
        this.signals = signals;
    }

    /** Plays one second. */
    void play(int second, SleepStage stage, EpochMood mood) {
        switch (stage) {
            case WAKE -> wake(second, mood);
            case N1 -> n1(second, mood);
            case N2 -> n2(second, mood);
            case N3 -> n3(second, mood);
            case REM -> rem(second, mood);
        }
    }

    private void wake(int second, EpochMood mood) {
        if (mood.eyesOpen()) {
            maybe(second, Kind.BLINK, 16 * subject.blinks(), this::blink);
            maybe(second, Kind.SACCADE, 10, () -> saccade(60, 130));
            maybe(second, Kind.ALPHA, 4, () -> alpha(0.8));
        } else {
            maybe(second, Kind.ALPHA, 40, () -> alpha(1));
            maybe(second, Kind.BLINK, 2, this::blink);
        }
    }

    private void n1(int second, EpochMood mood) {
        maybe(second, Kind.THETA, 7, () -> Wave.theta(chance.uniform(18, 32), chance.uniform(4.2, 7), length(1, 2.5)));
        maybe(second, Kind.ROLLING_EYES, 6, () -> Wave.rollingEyes(sign() * chance.uniform(60, 140), length(2, 4)));
        maybe(second, Kind.VERTEX, mood.vertexWaves() ? 6 : 0.7, () -> Wave.vertex(chance.uniform(55, 105)));
        maybe(second, Kind.ALPHA, mood.alphaRemains() ? 7 : 1, () -> alpha(0.75));
    }

    private void n2(int second, EpochMood mood) {
        double spindles = 5.5 * subject.spindles() * mood.liveliness();
        maybe(second, Kind.SPINDLE, spindles, () -> spindle(1));
        maybe(second, Kind.K_COMPLEX, 2.4 * mood.liveliness(), () -> Wave.kComplex(chance.uniform(70, 125)));
        maybe(second, Kind.SLOW, 1.5 + 7 * mood.depth() * mood.depth(), () -> slow(0.75));
    }

    private void n3(int second, EpochMood mood) {
        maybe(second, Kind.SLOW, 18 + 62 * mood.depth(), () -> slow(0.85 + 0.35 * mood.depth()));
        maybe(second, Kind.SPINDLE, 1, () -> spindle(0.8));
    }

    private void rem(int second, EpochMood mood) {
        maybe(second, Kind.SACCADE, mood.phasic() ? 20 : 3, () -> saccade(75, 175));
        maybe(
                second,
                Kind.SAW_TOOTH,
                mood.phasic() ? 4 : 1.2,
                () -> Wave.sawTooth(chance.uniform(22, 38), chance.uniform(2.2, 4.5), length(2, 5)));
        maybe(second, Kind.ALPHA, 1.5, () -> alpha(0.5));
    }

    private void maybe(int second, Kind kind, double perMinute, Supplier<Wave> wave) {
        double start = second + chance.uniform(0, 1);
        double free = Optional.ofNullable(busyUntil.get(kind)).orElse(0.0);
        if (!chance.happens(perMinute / 60) || second + 1 <= free) {
            return;
        }
        start = Math.max(start, free);
        var drawn = wave.get();
        signals.add(drawn, start, subject.amplitude());
        busyUntil.put(kind, start + drawn.seconds());
    }

    private Wave alpha(double strength) {
        double hz = subject.alphaHz() + chance.normal(0, 0.2);
        double microvolts = strength * subject.alpha() * chance.uniform(22, 40);
        return Wave.alpha(microvolts, hz, length(1.2, 3.5), chance.uniform(0, 6.28));
    }

    private Wave blink() {
        return Wave.blink(subject.blinks() * chance.uniform(85, 160));
    }

    private Wave saccade(double least, double most) {
        return Wave.saccade(sign() * chance.uniform(least, most));
    }

    private Wave spindle(double strength) {
        double hz = subject.spindleHz() + chance.normal(0, 0.25);
        return Wave.spindle(strength * chance.uniform(24, 42), hz, length(0.7, 1.6));
    }

    private Wave slow(double strength) {
        double peakToPeak = strength * subject.slowWaves() * chance.uniform(85, 185);
        return Wave.slow(peakToPeak, length(0.75, 1.5));
    }

    private double length(double least, double most) {
        return chance.uniform(least, most);
    }

    private double sign() {
        return chance.happens(0.5) ? 1 : -1;
    }
}
