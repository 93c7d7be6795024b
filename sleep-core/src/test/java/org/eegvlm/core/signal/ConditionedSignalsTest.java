package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.eegvlm.core.edf.EdfFormat;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionedSignalsTest {

    private static final Conditioning BAND = new Conditioning(
            Optional.of(0.3), Optional.of(35.0), Conditioning.DEFAULT_ORDER, List.of(), Optional.empty());
    private static final Conditioning RESAMPLED =
            new Conditioning(Optional.empty(), Optional.empty(), 4, List.of(), Optional.of(128.0));

    @TempDir
    Path folder;

    @Test
    void changesNoBitWhereNothingIsWanted() throws IOException {
        try (var recording = EdfRecording.open(tone(Tones.sine(7, 50)))) {
            var signals = new ConditionedSignals(recording, List.of("Cz"), Conditioning.NONE);

            assertThat(signals.read(30, 30).get(0).microvolts())
                    .containsExactly(recording.microvolts(recording.channel("Cz"), 3000, 3000));
        }
    }

    @Test
    void keepsTheBandAndTakesTheDriftAndTheMainsAway() throws IOException {
        var wanted = Tones.sine(7, 50);
        DoubleUnaryOperator drift = t -> 100 + t;
        var mixed = tone(t -> wanted.applyAsDouble(t)
                + drift.applyAsDouble(t)
                + Tones.sine(49, 20).applyAsDouble(t));

        var window = read(mixed, BAND, 30);

        var expected = new float[3000];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) wanted.applyAsDouble(30 + i / 100.0);
        }
        assertThat(window.microvolts()).containsExactly(expected, within(1.5f)); // of 50, ripple included
    }

    @Test
    void filtersAnEpochAsIfTheWholeNightWere() throws IOException {
        var file = tone(t -> 50 * Math.sin(t * t / 3) + 100 * Math.cos(t / 5));
        var whole = read(file, BAND, 0, 120).microvolts();

        var epoch = read(file, BAND, 60).microvolts();

        assertThat(epoch).containsExactly(Arrays.copyOfRange(whole, 6000, 9000), within(0.01f));
    }

    @Test
    void resamplesEachEpochOnAGridThatStartsWithIt() throws IOException {
        var window = read(tone(Tones.sine(3, 50)), RESAMPLED, 30);

        assertThat(window.rateHz()).isEqualTo(128);
        assertThat(window.microvolts()).hasSize(3840);
        assertThat(window.microvolts()[1280 + 11])
                .isCloseTo((float) Tones.sine(3, 50).applyAsDouble(40 + 11 / 128.0), within(0.1f));
    }

    @Test
    void resamplesTheLastEpochToItsEnd() throws IOException {
        var last = read(tone(t -> 200), RESAMPLED, 90);

        assertThat(last.microvolts()).hasSize(3840);
        assertThat(last.microvolts()[3839]).isCloseTo(200, within(0.1f));
    }

    @Test
    void takesANotchOut() throws IOException {
        var notch = new Conditioning(Optional.empty(), Optional.empty(), 4, List.of(40.0), Optional.empty());

        var window = read(tone(Tones.sine(40, 50)), notch, 60);

        for (int i = 1000; i < 2000; i++) {
            assertThat(window.microvolts()[i]).isCloseTo(0, within(0.5f));
        }
    }

    @Test
    void refusesAFilterBeyondTheRateBeforeAnythingIsRead() throws IOException {
        var tooHigh = new Conditioning(Optional.empty(), Optional.of(60.0), 4, List.of(), Optional.empty());
        var file = tone(Tones.sine(1, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(file, tooHigh, 0))
                .withMessageContaining("between 0 and half the sampling rate of 100.0 Hz, was 60.0 Hz");
    }

    @Test
    void refusesAWindowBeyondTheEnd() throws IOException {
        var file = tone(Tones.sine(1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(file, BAND, 100))
                .withMessage("night.edf has a gap, or its end, between 100.0 s and 130.0 s");
    }

    @Test
    void filtersNothingFromBeyondAGap() throws IOException {
        var signal = new EdfSignal("Cz", "", "uV", -500, 500, -32768, 32767, "", 100);
        var header = EdfHeader.plain("X", "X", LocalDateTime.of(2000, 1, 1, 22, 0), 1, List.of(signal))
                .withFormat(EdfFormat.EDF_D);
        var onsets =
                IntStream.range(0, 120).mapToDouble(i -> i < 60 ? i : i + 30).toArray();
        var file = folder.resolve("gap.edf");
        try (var writer = EdfWriter.create(file, header, onsets, List.of())) {
            for (int record = 0; record < 120; record++) {
                var samples = new double[100];
                Arrays.fill(samples, record < 60 ? 400 : -400);
                writer.append(new double[][] {samples});
            }
        }

        var after = read(file, BAND, 90).microvolts();

        assertThat(after).containsExactly(new float[3000], within(0.1f)); // a constant, not the step before it
    }

    private Path tone(DoubleUnaryOperator wave) throws IOException {
        return Tones.write(folder.resolve("night.edf"), List.of("Cz"), List.of(wave));
    }

    private static Window read(Path file, Conditioning conditioning, double onset) throws IOException {
        return read(file, conditioning, onset, 30);
    }

    private static Window read(Path file, Conditioning conditioning, double onset, double seconds) throws IOException {
        try (var recording = EdfRecording.open(file)) {
            return new ConditionedSignals(recording, List.of("Cz"), conditioning)
                    .read(onset, seconds)
                    .get(0);
        }
    }
}
