package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightTest {

    private static final LocalDateTime START = LocalDateTime.of(1989, 4, 24, 16, 13, 0);
    private static final Optional<SleepStage> WAKE = Optional.of(SleepStage.WAKE);
    private static final Optional<SleepStage> N1 = Optional.of(SleepStage.N1);

    @TempDir
    Path folder;

    @Test
    void pairsRecordingsWithTheirHypnogramsAsSleepEdfNamesThem() throws IOException {
        recording("SC4001E0-PSG.edf", 2);
        recording("SC4011E0-PSG.edf", 2);
        hypnogram("SC4001EC-Hypnogram.edf", START, stage(0, 60, "Sleep stage W"));
        hypnogram("SC4011EH-Hypnogram.edf", START, stage(0, 60, "Sleep stage W"));

        var nights = Nights.in(folder);

        assertThat(nights).extracting(Night::subject).containsExactly("SC400", "SC401");
        assertThat(nights).extracting(Night::night).containsExactly("SC4001", "SC4011");
        assertThat(nights)
                .extracting(Night::hypnogram)
                .containsExactly(
                        Optional.of(folder.resolve("SC4001EC-Hypnogram.edf")),
                        Optional.of(folder.resolve("SC4011EH-Hypnogram.edf")));
    }

    @Test
    void findsTheHypnogramBesideOneRecording() throws IOException {
        var file = recording("SC4001E0-PSG.edf", 2);
        hypnogram("SC4001EC-Hypnogram.edf", START, stage(0, 60, "Sleep stage W"));
        assertThat(Nights.of(file).hypnogram()).isPresent();
    }

    @Test
    void givesNoNightTheHypnogramOfOneWithASimilarName() throws IOException {
        recording("patient1-PSG.edf", 2);
        recording("patient2-PSG.edf", 2);
        hypnogram("patient1-Hypnogram.edf", START, stage(0, 60, "Sleep stage W"));

        assertThat(Nights.in(folder))
                .extracting(Night::hypnogram)
                .containsExactly(Optional.of(folder.resolve("patient1-Hypnogram.edf")), Optional.empty());
    }

    @Test
    void refusesAFolderWithoutRecordings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nights.in(folder))
                .withMessageContaining("holds no recording");
    }

    @Test
    void readsOneStageAnEpochAndIgnoresOtherRemarks() throws IOException {
        recording("SC4001E0-PSG.edf", 3);
        hypnogram(
                "SC4001EC-Hypnogram.edf",
                START,
                stage(0, 30, "Sleep stage W"),
                stage(10, 0, "Lights off"),
                stage(30, 30, "Sleep stage 1"),
                stage(60, 9000, "Sleep stage ?"));
        assertThat(theNight().stages()).containsExactly(WAKE, N1, Optional.empty());
    }

    @Test
    void letsAStageWithoutDurationLastUntilTheNext() throws IOException {
        recording("SC4001E0-PSG.edf", 3);
        hypnogram(
                "SC4001EC-Hypnogram.edf",
                START,
                new Annotation(0, Optional.empty(), "Sleep stage W"),
                new Annotation(60, Optional.empty(), "Sleep stage N1"));
        assertThat(theNight().stages()).containsExactly(WAKE, WAKE, N1);
    }

    @Test
    void takesADurationOfZeroForNone() throws IOException {
        recording("SC4001E0-PSG.edf", 2);
        hypnogram("SC4001EC-Hypnogram.edf", START, stage(0, 0, "Sleep stage W"), stage(30, 0, "Sleep stage 1"));
        assertThat(theNight().stages()).containsExactly(WAKE, N1);
    }

    @Test
    void refusesTwoStagesForOneTime() throws IOException {
        recording("SC4001E0-PSG.edf", 2);
        hypnogram("SC4001EC-Hypnogram.edf", START, stage(0, 60, "Sleep stage W"), stage(30, 30, "Sleep stage 1"));
        assertThatThrownBy(this::theNight)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("annotation at 30.000 s: contradicts the stage scored from 0.000 s to 60.000 s");
    }

    @Test
    void refusesAContradictionOfAStageThatLastsOverOthers() throws IOException {
        recording("SC4001E0-PSG.edf", 4);
        hypnogram(
                "SC4001EC-Hypnogram.edf",
                START,
                stage(0, 120, "Sleep stage W"),
                stage(30, 30, "Sleep stage W"),
                stage(60, 30, "Sleep stage 1"));
        assertThatThrownBy(this::theNight)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("annotation at 60.000 s: contradicts the stage scored from 0.000 s to 120.000 s");
    }

    @Test
    void refusesARecordingThatClaimsToLastForCenturies() throws IOException {
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 1);
        var file = folder.resolve("long.edf");
        try (var writer =
                EdfWriter.create(file, EdfHeader.plain("X", "Startdate X", START, 9e7, List.of(signal)), 100)) {
            for (int record = 0; record < 100; record++) {
                writer.append(new double[1][1]);
            }
        }
        assertThatThrownBy(this::theNight)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("long.edf: claims 300000000 epochs");
    }

    @Test
    void refusesAnUnknownStage() throws IOException {
        recording("SC4001E0-PSG.edf", 1);
        hypnogram("SC4001EC-Hypnogram.edf", START, stage(0, 30, "Sleep stage X9"));
        assertThatThrownBy(this::theNight)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("SC4001EC-Hypnogram.edf, annotation at 0.000 s")
                .hasMessageContaining("known are: Sleep stage W, 1, 2, 3, 4, R");
    }

    @Test
    void refusesAHypnogramThatStartsAtAnotherTime() throws IOException {
        recording("SC4001E0-PSG.edf", 1);
        hypnogram("SC4001EC-Hypnogram.edf", START.plusDays(1), stage(0, 30, "Sleep stage W"));
        assertThatThrownBy(this::theNight)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("the hypnogram of another recording");
    }

    @Test
    void leavesANightWithoutHypnogramUnscored() throws IOException {
        recording("SC4001E0-PSG.edf", 2);
        assertThat(theNight().stages()).containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    void readsTextAsAListOfNightsDescribesIt() throws IOException {
        Files.writeString(folder.resolve("one.txt"), "[CZ-A1]\n" + "0.5\n".repeat(80));
        Files.writeString(folder.resolve("stages.txt"), "[Hypnogram]\n5\n5\n3\n3\n");
        var list = Files.writeString(folder.resolve("nights.json"), """
                [{"subject": "one", "night": "n1", "recording": "one.txt", "hypnogram": "stages.txt", "rate_hz": 2,
                  "channel": "CZ-A1", "unit": "mV", "hypnogram_codes": "dreams", "hypnogram_step_seconds": 10,
                  "epoch_seconds": 20, "split": "eval"}]""");

        var night = Nights.read(list).get(0);

        assertThat(night.split()).contains(Split.EVAL);
        try (var recording = night.open()) {
            assertThat(recording.microvolts(recording.channel("CZ-A1"), 79, 1)).containsExactly(500);
            assertThat(night.hypnogram(recording).stages()).containsExactly(WAKE, N1);
        }
    }

    @Test
    void tellsTheEntryThatLacksAKey() throws IOException {
        var list = Files.writeString(folder.resolve("nights.json"), "[{\"subject\": \"one\", \"night\": \"n1\"}]");
        assertThatThrownBy(() -> Nights.read(list))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("night 1: 'recording' is missing");
    }

    @Test
    void asksForTheRateOfATextRecording() throws IOException {
        var list = Files.writeString(
                folder.resolve("nights.json"),
                "[{\"subject\": \"one\", \"night\": \"n1\", \"recording\": \"one.txt\", \"channel\": \"CZ-A1\"}]");
        assertThatThrownBy(() -> Nights.read(list))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("night 1: 'rate_hz' is missing");
    }

    private Hypnogram theNight() throws IOException {
        var night = Nights.in(folder).get(0);
        try (var recording = night.open()) {
            return night.hypnogram(recording);
        }
    }

    private Path recording(String name, int epochs) throws IOException {
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 30);
        var file = folder.resolve(name);
        try (var writer =
                EdfWriter.create(file, EdfHeader.plain("X", "Startdate X", START, 30, List.of(signal)), epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                writer.append(new double[1][30]);
            }
        }
        return file;
    }

    private void hypnogram(String name, LocalDateTime start, Annotation... annotations) throws IOException {
        EdfWriter.writeAnnotations(
                folder.resolve(name), "X", "Startdate X", start, new ArrayList<>(List.of(annotations)));
    }

    private static Annotation stage(double onset, double seconds, String text) {
        return new Annotation(onset, Optional.of(seconds), text);
    }
}
