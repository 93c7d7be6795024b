package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.ScoredStage.N1;
import static org.eegvlm.core.ScoredStage.N2;
import static org.eegvlm.core.ScoredStage.UNSCORED;
import static org.eegvlm.core.ScoredStage.WAKE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignmentTest {

    private static final LocalDateTime START = LocalDateTime.of(1989, 4, 24, 16, 13);

    @TempDir
    Path folder;

    @Test
    void laysAScoringThatStartsLaterWhereItBelongs() throws IOException {
        var scored = lay(4, START.plusSeconds(40), stage(0, 30, "Sleep stage W"), stage(30, 45, "Sleep stage 1"));

        assertThat(scored.hypnogram().epochs()).containsExactly(UNSCORED, WAKE, N1, N1);
        assertThat(scored.alignment().offset()).isEqualTo(Duration.ofSeconds(40));
        assertThat(scored.alignment().notes()).containsExactly("its scoring starts 40.000 s after the recording");
    }

    @Test
    void heedsFractionsOfASecond() throws IOException {
        var scored = lay(2, START.plusNanos(600_000_000), stage(0, 60, "Sleep stage 2"));

        assertThat(scored.hypnogram().epochs()).containsExactly(N2, N2);
        assertThat(scored.alignment().offset()).isEqualTo(Duration.ofMillis(600));
        assertThat(scored.alignment().beyond()).isZero(); // less than an epoch
    }

    @Test
    void countsWhatIsScoredBeforeAndBeyond() throws IOException {
        var scored = lay(2, START.minusSeconds(60), stage(0, 90, "Sleep stage W"), stage(90, 300, "Sleep stage 2"));

        assertThat(scored.hypnogram().epochs()).containsExactly(WAKE, N2);
        assertThat(scored.alignment().before()).isEqualTo(2);
        assertThat(scored.alignment().beyond()).isEqualTo(9);
        assertThat(scored.alignment().notes())
                .containsExactly(
                        "its scoring starts -60.000 s after the recording",
                        "2.0 scored epochs lie before the recording",
                        "9.0 scored epochs lie beyond its end");
    }

    @Test
    void countsNoUnscoredTimeBeyondTheEnd() throws IOException {
        var scored = lay(1, START, stage(0, 30, "Sleep stage W"), stage(30, 9000, "Sleep stage ?"));
        assertThat(scored.alignment().notes()).isEmpty();
    }

    @Test
    void refusesAScoringOfAnotherDay() {
        assertThatThrownBy(() -> lay(1, START.plusDays(1), stage(0, 30, "Sleep stage W")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("the hypnogram of another recording");
    }

    @Test
    void refusesAScoringOfAnotherPatient() throws IOException {
        var recording = recording(1);
        var hypnogram = folder.resolve("h.edf");
        EdfWriter.writeAnnotations(
                hypnogram, "SC401 F X X", "Startdate X", START, List.of(stage(0, 30, "Sleep stage W")));
        assertThatThrownBy(() -> lay(recording, hypnogram))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("is of patient SC401, but a.edf is of SC400");
    }

    @Test
    void refusesATextThatScoresLongerThanTheRecording() throws IOException {
        var recording = recording(1);
        var hypnogram = Files.writeString(folder.resolve("h.txt"), "W\nN1\nN1\n");
        assertThatThrownBy(() -> lay(recording, hypnogram))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("scores sleep until 90 s")
                .hasMessageContaining("ends at 30 s");
    }

    @Test
    void takesATextForTheScoringOfAnEdfRecording() throws IOException {
        var recording = recording(2);
        var hypnogram = Files.writeString(folder.resolve("h.txt"), "W\nN1\n");
        assertThat(lay(recording, hypnogram).hypnogram().epochs()).containsExactly(WAKE, N1);
    }

    private ScoredNight lay(int epochs, LocalDateTime start, Annotation... annotations) throws IOException {
        var recording = recording(epochs);
        var hypnogram = folder.resolve("h.edf");
        EdfWriter.writeAnnotations(hypnogram, "X X X X", "Startdate X", start, List.of(annotations));
        return lay(recording, hypnogram);
    }

    private static ScoredNight lay(Path recording, Path hypnogram) throws IOException {
        var night = new Night(
                "s", "n", recording, Optional.of(hypnogram), Optional.empty(), Hypnogram.AASM_EPOCH, Optional.empty());
        try (var opened = night.open()) {
            return night.scored(opened);
        }
    }

    private Path recording(int epochs) throws IOException {
        var file = folder.resolve("a.edf");
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 30);
        var header = EdfHeader.plain("SC400 F X X", "Startdate X", START, 30, List.of(signal));
        try (var writer = EdfWriter.create(file, header, epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                writer.append(new double[1][30]);
            }
        }
        return file;
    }

    private static Annotation stage(double onset, double seconds, String text) {
        return new Annotation(onset, Optional.of(seconds), text);
    }
}
