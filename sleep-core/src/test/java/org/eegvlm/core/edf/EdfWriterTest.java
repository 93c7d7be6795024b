package org.eegvlm.core.edf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdfWriterTest {

    private static final LocalDateTime START = LocalDateTime.of(1989, 4, 24, 16, 13, 0);
    private static final EdfSignal EEG = new EdfSignal("EEG", "", "uV", -200, 200, -2048, 2047, "", 2);

    @TempDir
    Path folder;

    /** Everything a file says. */
    record Content(EdfHeader header, double[] onsets, List<int[][]> records, List<Annotation> annotations) {}

    @Property(tries = 100)
    void readsBackWhatItWrote(@ForAll("contents") Content content) throws IOException {
        var file = Files.createTempFile("round-trip", ".edf");
        try {
            write(file, content);
            try (var recording = EdfRecording.open(file)) {
                assertThat(recording.header().withoutAnnotations().withStart(recording.start()))
                        .isEqualTo(content.header);
                assertThat(recording.warnings()).isEmpty();
                assertThat(recording.annotations()).isEqualTo(content.annotations);
                for (int record = 0; record < content.onsets.length; record++) {
                    assertThat(recording.onset(record * content.header.recordSeconds()))
                            .isEqualTo(content.onsets[record]);
                    assertThat(record(recording, record)).isDeepEqualTo(content.records.get(record));
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void writesTheFractionOfASecondIntoTheTimeStamps() throws IOException {
        var start = START.plusNanos(394_531_200);
        var header = EdfHeader.plain("X", "X", start, 1, List.of(EEG)).withFormat(EdfFormat.EDF_C);
        var remark = new Annotation(1.9511719, Optional.empty(), "XLSpike");
        var file = folder.resolve("a.edf");
        try (var writer = EdfWriter.create(file, header, new double[] {0, 1}, List.of(remark))) {
            writer.append(new int[][] {{1, 2}});
            writer.append(new int[][] {{3, 4}});
        }

        assertThat(Files.readString(file, ISO_8859_1))
                .contains("+0.3945312\u0014\u0014\0", "+1.3945312\u0014\u0014\0+2.3457031\u0014XLSpike\u0014\0");
        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.start()).contains(start);
            assertThat(recording.annotations()).containsExactly(remark);
        }
    }

    @Test
    void writesAYearBeyondTwoDigits() throws IOException {
        var start = START.withYear(2089);
        var header = EdfHeader.plain("X", "Startdate 24-APR-2089 X X X", start, 1, List.of(EEG));
        var file = folder.resolve("a.edf");
        try (var writer = EdfWriter.create(file, header, 1)) {
            writer.append(new int[][] {{1, 2}});
        }

        try (var recording = EdfRecording.open(file)) {
            assertThat(recording.start()).contains(start);
            assertThat(recording.warnings()).isEmpty();
        }
    }

    @Test
    void refusesWhatAHeaderCannotHold() {
        var header = EdfHeader.plain("X", "X", START, 1, List.of(EEG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EdfWriter.create(
                        folder.resolve("a.edf"), header.withStart(Optional.of(START.withYear(1970))), 1))
                .withMessageContaining("Startdate 24-APR-1970");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        EdfWriter.create(folder.resolve("a.edf"), header.withStart(Optional.of(START.plusNanos(1))), 1))
                .withMessageContaining("whole seconds");
        assertThat(folder.resolve("a.edf")).doesNotExist();
    }

    @Test
    void refusesSamplesThatDoNotFit() throws IOException {
        var header = EdfHeader.plain("X", "X", START, 1, List.of(EEG));
        var writer = EdfWriter.create(folder.resolve("a.edf"), header, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> writer.append(new int[][] {{0, 40_000}}));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.append(new double[][] {{0, Double.NaN}}));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.append(new int[][] {{0}}));
        writer.append(new int[][] {{0, 0}});
        writer.close();
    }

    @Provide
    Arbitrary<Content> contents() {
        return Combinators.combine(headers(), Arbitraries.integers().between(1, 4), Arbitraries.longs())
                .as((header, records, seed) -> content(header, records, new Random(seed)));
    }

    private static Arbitrary<EdfHeader> headers() {
        var text = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(80).map(String::strip);
        var start = Arbitraries.longs().between(0, 3_000_000_000L).map(LocalDateTime.of(1985, 1, 1, 0, 0)::plusSeconds);
        var seconds = Arbitraries.of(0.1, 0.5, 1.0, 9.59375, 30.0);
        return Arbitraries.of(EdfFormat.class)
                .flatMap(format -> Combinators.combine(
                                text,
                                text,
                                start,
                                seconds,
                                signals(format).list().ofMinSize(1).ofMaxSize(3))
                        .as((patient, recording, moment, length, signals) -> new EdfHeader(
                                format, patient, recording, Optional.of(moment), length, distinct(signals))));
    }

    private static Arbitrary<EdfSignal> signals(EdfFormat format) {
        var limits = Arbitraries.doubles().between(-9999, 9999).ofScale(2);
        var digital = Arbitraries.integers().between(format.leastDigital(), format.mostDigital());
        return Combinators.combine(
                        limits, limits, digital, digital, Arbitraries.integers().between(1, 9))
                .filter((low, high, least, most, samples) -> !low.equals(high) && !least.equals(most))
                .as((low, high, least, most, samples) ->
                        new EdfSignal("EEG", "Ag-AgCl", "uV", low, high, least, most, "HP:0.5Hz", samples));
    }

    private static List<EdfSignal> distinct(List<EdfSignal> signals) {
        var named = new ArrayList<EdfSignal>();
        for (var s : signals) {
            named.add(new EdfSignal(
                    "EEG " + named.size(),
                    s.transducer(),
                    s.unit(),
                    s.physicalMinimum(),
                    s.physicalMaximum(),
                    s.digitalMinimum(),
                    s.digitalMaximum(),
                    s.prefilter(),
                    s.samplesPerRecord()));
        }
        return named;
    }

    private static Content content(EdfHeader header, int count, Random random) {
        var format = header.format();
        var onsets = new double[count];
        var records = new ArrayList<int[][]>();
        for (int i = 0; i < count; i++) {
            onsets[i] = i * header.recordSeconds() + (format.isDiscontinuous() && i > 1 ? 7.25 : 0);
            records.add(header.signals().stream()
                    .map(signal -> random.ints(
                                    signal.samplesPerRecord(), format.leastDigital(), format.mostDigital() + 1)
                            .toArray())
                    .toArray(int[][]::new));
        }
        var annotations = new ArrayList<Annotation>();
        for (int i = 0; format.isPlus() && i < random.nextInt(5); i++) {
            Optional<Double> duration =
                    random.nextBoolean() ? Optional.of(random.nextInt(900) / 10.0) : Optional.empty();
            annotations.add(new Annotation(random.nextInt(100_000) / 1000.0 - 5, duration, "Schlaf 睡 " + i));
        }
        annotations.sort(Comparator.comparingDouble(Annotation::onsetSeconds));
        return new Content(header, onsets, records, annotations);
    }

    private static void write(Path file, Content content) throws IOException {
        try (var writer = content.header.format().isPlus()
                ? EdfWriter.create(file, content.header, content.onsets, content.annotations)
                : EdfWriter.create(file, content.header, content.onsets.length)) {
            for (var record : content.records) {
                writer.append(record);
            }
        }
    }

    private static int[][] record(EdfRecording recording, int record) throws IOException {
        var samples = new ArrayList<int[]>();
        for (Channel channel : recording.channels()) {
            int count = recording.header().signals().get(channel.index()).samplesPerRecord();
            samples.add(recording.digital(channel, (long) record * count, count));
        }
        return samples.toArray(int[][]::new);
    }
}
