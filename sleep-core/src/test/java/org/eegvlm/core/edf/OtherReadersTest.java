package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.TestData;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every real file as edfio, pyEDFlib and MNE read it (reference/make_edf.py, which notes where they differ). */
class OtherReadersTest {

    private static JsonNode golden = MissingNode.getInstance();

    @BeforeAll
    static void readGolden() throws IOException {
        golden = Json.readTree(Path.of("src/test/resources/org/eegvlm/core/edf/readers.json"));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void readsWhatTheyRead(String name) throws IOException {
        var expected = golden.get("files").get(name);
        try (var recording = EdfRecording.open(TestData.path(name))) {
            var info = EdfInfo.of(recording, true);

            assertThat(recording.start().map(start -> start.truncatedTo(ChronoUnit.MICROS)))
                    .contains(LocalDateTime.parse(expected.get("start").asText()));
            assertThat(info.recordCount()).isEqualTo(expected.get("recordCount").asLong());
            assertThat(info.recordSeconds())
                    .isEqualTo(expected.get("recordSeconds").asDouble());
            assertThat(info.signals()).isEqualTo(signals(expected));
            assertThat(info.annotations())
                    .hasSize(expected.at("/annotations/count").asInt());
            assertThat(digest(info))
                    .isEqualTo(expected.at("/annotations/sha256").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("readable")
    void computesWhatTheyCompute(String name) throws IOException {
        var expected = golden.get("files").get(name);
        try (var recording = EdfRecording.open(TestData.path(name))) {
            for (var channel : recording.channels()) {
                var signal = expected.get("signals").get(recording.channels().indexOf(channel));
                double span = Math.abs(signal.get("physicalMax").asDouble()
                        - signal.get("physicalMin").asDouble());
                for (var pair : signal.get("physical")) {
                    assertThat(recording.physical(channel, pair.get(0).asLong(), 1)[0])
                            .isCloseTo(pair.get(1).asDouble(), within(span * 0x1p-50));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatTheyAllRefuse(String name) {
        assertThatThrownBy(() -> EdfRecording.open(TestData.path(name)))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("byte ")
                .hasMessageContaining("field ");
    }

    @ParameterizedTest
    @MethodSource("hypnograms")
    void readsEveryHypnogramOfSleepEdf(String name) throws IOException {
        var expected = golden.get("hypnograms").get(name);
        try (var recording =
                EdfRecording.open(TestData.path("sleep-edf/hypnograms").resolve(name))) {
            var info = EdfInfo.of(recording, false);

            assertThat(recording.start())
                    .contains(LocalDateTime.parse(expected.get(0).asText()));
            assertThat(info.annotations()).hasSize(expected.get(1).asInt());
            assertThat(digest(info)).isEqualTo(expected.get(2).asText());
        }
    }

    static List<String> readable() {
        return names("files").filter(name -> !isRefused(name)).toList();
    }

    static List<String> refused() {
        return names("files").filter(OtherReadersTest::isRefused).toList();
    }

    static List<String> hypnograms() {
        return names("hypnograms").toList();
    }

    private static Stream<String> names(String part) {
        return golden.get(part).properties().stream().map(entry -> entry.getKey());
    }

    private static boolean isRefused(String name) {
        return name.equals("edf-fixtures/edf4j-invalid.edf");
    }

    private static List<EdfInfo.Signal> signals(JsonNode expected) throws IOException {
        var reader = Json.MAPPER.readerForListOf(EdfInfo.Signal.class);
        return reader.readValue(expected.get("signals"));
    }

    /** Onset and duration in whole microseconds, so that every language prints them alike. */
    private static String digest(EdfInfo info) {
        var lines = info.annotations().stream()
                .sorted(Comparator.comparingDouble(EdfInfo.Text::onset)
                        .thenComparingLong(text ->
                                text.duration().map(OtherReadersTest::micros).orElse(-1L))
                        .thenComparing(EdfInfo.Text::text))
                .map(text -> "%d\t%d\t%s\n"
                        .formatted(
                                micros(text.onset()),
                                text.duration().map(OtherReadersTest::micros).orElse(-1L),
                                text.text()))
                .collect(Collectors.joining());
        return Sha256.of(lines.getBytes(StandardCharsets.UTF_8));
    }

    private static long micros(double seconds) {
        return (long) Math.rint(seconds * 1e6);
    }
}
