package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.eegvlm.core.Channel;
import org.eegvlm.core.Recording;
import org.eegvlm.core.UnknownChannelException;
import org.eegvlm.core.edf.EdfRecording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivationTest {

    @TempDir
    Path folder;

    @Test
    void findsALabelWhateverItsCase() throws IOException {
        assertThat(labels("eeg fpz-cz", "EEG Fpz-Cz", "EEG Pz-Oz")).containsExactly("EEG Fpz-Cz");
    }

    @Test
    void findsTheSameElectrodeUnderAnotherName() throws IOException {
        assertThat(labels("Fpz-Cz", "EEG Fpz-Cz", "EEG Pz-Oz")).containsExactly("EEG Fpz-Cz");
        assertThat(labels("C3", "EEG C3-REF", "EEG C4-REF")).containsExactly("EEG C3-REF");
        assertThat(labels("EEG T7", "T3", "T4")).containsExactly("T3");
        assertThat(labels("C3-M2", "C3-A2", "C4-A1")).containsExactly("C3-A2");
    }

    @Test
    void findsTheOneLabelThatAPatternFits() throws IOException {
        assertThat(labels("*fpz*", "EEG Fpz-Cz", "EEG Pz-Oz")).containsExactly("EEG Fpz-Cz");
        assertThat(labels("EEG ?z-Oz", "EEG Fpz-Cz", "EEG Pz-Oz")).containsExactly("EEG Pz-Oz");
    }

    @Test
    void refusesWhatFitsSeveralChannels() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels("EEG*", "EEG Fpz-Cz", "EEG Pz-Oz"))
                .withMessage("night.edf has 2 channels that 'EEG*' can mean: EEG Fpz-Cz, EEG Pz-Oz; name one in full");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels("left", "EOG left", "EMG left"))
                .withMessageContaining("EOG left, EMG left");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels("EEG", "EEG", "EEG"))
                .withMessageContaining("has 2 channels");
    }

    @Test
    void doesNotTakeAnEyeForABrain() throws IOException {
        assertThatExceptionOfType(UnknownChannelException.class)
                .isThrownBy(() -> labels("EEG left", "EOG left"))
                .withMessage("night.edf has no channel 'EEG left'; it has: EOG left");
    }

    @Test
    void takesADifferenceOfTwoChannels() throws IOException {
        assertThat(labels("C3-A2", "EEG C3", "EEG A2")).containsExactly("EEG C3", "EEG A2");
        assertThat(microvolts("C3-A2", List.of("C3", "A2"))).containsExactly(new float[] {200}, within(0.05f));
    }

    @Test
    void takesTheMeanOfSeveralOff() throws IOException {
        assertThat(microvolts("C3-(A1+A2)", List.of("C3", "A1", "A2")))
                .containsExactly(new float[] {150}, within(0.05f));
    }

    @Test
    void prefersAChannelOfThatNameToADifference() throws IOException {
        assertThat(labels("C3-A2", "C3-A2", "C3", "A2")).containsExactly("C3-A2");
    }

    @Test
    void refusesTwoReadings() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels("A-B-C", "A", "B-C", "A-B", "C"))
                .withMessageContaining("can be read in several ways");
    }

    @Test
    void refusesADifferenceOfTwoRates() {
        var slow = new Channel(0, "Resp", "uV", 1, 100);
        var fast = new Channel(1, "C3", "uV", 100, 10_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Derivation(fast, List.of(slow)))
                .withMessageContaining("only channels of one rate");
    }

    @Test
    void isWrittenAsItIsRead() {
        assertThat(Derivation.text("C3", List.of())).isEqualTo("C3");
        assertThat(Derivation.text("C3", List.of("A2"))).isEqualTo("C3-A2");
        assertThat(Derivation.text("C3", List.of("A1", "A2"))).isEqualTo("C3-(A1+A2)");
    }

    /** The label of the channel and those of its reference. */
    private List<String> labels(String text, String... labels) throws IOException {
        try (var recording = recording(List.of(labels))) {
            var derivation = Derivation.in(recording, text);
            var found = new java.util.ArrayList<>(List.of(derivation.channel().label()));
            derivation.reference().forEach(channel -> found.add(channel.label()));
            return found;
        }
    }

    /** A sample, where the first channel is at 300 µV, the second at 100, the third at 200. */
    private float[] microvolts(String text, List<String> labels) throws IOException {
        var levels = List.of(300.0, 100.0, 200.0);
        var file = Tones.write(
                folder.resolve("night.edf"),
                labels,
                levels.subList(0, labels.size()).stream()
                        .<java.util.function.DoubleUnaryOperator>map(level -> t -> level)
                        .toList());
        try (var recording = EdfRecording.open(file)) {
            return Derivation.in(recording, text).microvolts(recording, 500, 1);
        }
    }

    private Recording recording(List<String> labels) throws IOException {
        return EdfRecording.open(Tones.write(
                folder.resolve("night.edf"), labels, Collections.nCopies(labels.size(), Tones.sine(1, 10))));
    }
}
