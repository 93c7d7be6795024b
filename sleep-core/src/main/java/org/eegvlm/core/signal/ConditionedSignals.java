package org.eegvlm.core.signal;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.core.Recording;
import org.eegvlm.core.Stretch;

/**
 * Some signals of a recording, each a {@link Derivation}, read window by window and conditioned.
 *
 * <p>A window is filtered together with the {@value #MARGIN_SECONDS} s before and after it, as far as they were recorded
 * without a gap, so that its ends look as if the whole night had been filtered; what comes out does not depend on what was read
 * before. Without conditioning nothing but the window is read, and not a bit is changed.
 */
public final class ConditionedSignals {

    static final int MARGIN_SECONDS = 30;

    private final Recording recording;
    private final List<Signal> signals;
    private final boolean plain;

    private record Signal(Derivation derivation, Conditioner conditioner) {}

    /**
     * @param derivations what {@link Derivation#in} understands
     * @throws IllegalArgumentException if one means nothing or several things there, or its rate does not suit the
     *     conditioning
     */
    public ConditionedSignals(Recording recording, List<String> derivations, Conditioning conditioning) {
        this.recording = recording;
        this.plain = conditioning.changesNothing();
        this.signals = derivations.stream()
                .map(text -> Derivation.in(recording, text))
                .map(derivation -> new Signal(derivation, conditioning.at(derivation.rateHz())))
                .toList();
    }

    /** Samples per second of each signal as it is read, in their order. */
    public List<Double> ratesHz() {
        return signals.stream().map(signal -> signal.conditioner.rateHz()).toList();
    }

    /**
     * One window of each signal, in their order.
     *
     * @param onset seconds from the recording's start
     * @return {@code round(seconds · rate)} samples of each
     * @throws IllegalArgumentException if the window is not within the recording, or there is a gap in it
     */
    public List<Window> read(double onset, double seconds) throws IOException {
        double before = recording
                .recordedBefore(onset, seconds)
                .orElseThrow(() -> new IllegalArgumentException("%s has a gap, or its end, between %s s and %s s"
                        .formatted(recording.name(), onset, onset + seconds)));
        var windows = new Window[signals.size()];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = plain ? plain(signals.get(i), before, seconds) : conditioned(signals.get(i), before, seconds);
        }
        return Arrays.asList(windows);
    }

    private Window plain(Signal signal, double before, double seconds) throws IOException {
        double rateHz = signal.derivation.rateHz();
        int count = Math.toIntExact(Math.round(seconds * rateHz));
        long first = first(signal, before, count);
        return new Window(signal.derivation.microvolts(recording, first, count), rateHz);
    }

    /** At a rate that is no whole number, rounding both ends up would leave the recording by a sample. */
    private static long first(Signal signal, double before, int count) {
        return Math.min(Math.round(before * signal.derivation.rateHz()), signal.derivation.samples() - count);
    }

    private Window conditioned(Signal signal, double before, double seconds) throws IOException {
        var derivation = signal.derivation;
        var conditioner = signal.conditioner;
        double rateHz = derivation.rateHz();
        int count = (int) Math.ceil(seconds * rateHz - 1e-9);
        long first = first(signal, before, count);
        int margin = (int) (MARGIN_SECONDS * rateHz);
        var stretch = stretch(before, seconds);
        long stretchFirst = Math.round(stretch.recordedBefore() * rateHz);
        long stretchEnd = Math.round((stretch.recordedBefore() + stretch.seconds()) * rateHz);
        int ahead = (int) Math.max(0, Math.min(margin, first - stretchFirst));
        ahead -= ahead % conditioner.inputPeriod();
        int after = (int) Math.max(0, Math.min(margin, Math.min(stretchEnd, derivation.samples()) - first - count));
        var wide = conditioner.apply(derivation.microvolts(recording, first - ahead, ahead + count + after));
        int from = conditioner.outputLength(ahead);
        int length = Math.toIntExact(Math.round(seconds * conditioner.rateHz()));
        return new Window(Arrays.copyOfRange(wide.microvolts(), from, from + length), conditioner.rateHz());
    }

    /** The one without a gap in which a window lies, by the middle of the window. */
    private Stretch stretch(double before, double seconds) {
        double middle = before + seconds / 2;
        return recording.stretches().stream()
                .filter(stretch -> middle < stretch.recordedBefore() + stretch.seconds())
                .findFirst()
                .orElseThrow();
    }
}
