package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.Recording;
import org.eegvlm.core.manifest.Split;

/**
 * One night of one subject: where its signals are, and where its hypnogram.
 *
 * @param subject who slept; splits go by subject
 * @param night unique among all nights
 * @param recording EDF, BDF, or text
 * @param hypnogram the scorer's file; empty where the recording holds its own scoring, or nobody scored
 * @param text what a recording or a hypnogram in plain text does not say itself; empty where both are EDF
 * @param epochLength what the scorer scored by
 * @param split where the list of nights says which split it belongs to
 */
public record Night(
        String subject,
        String night,
        Path recording,
        Optional<Path> hypnogram,
        Optional<TextFormat> text,
        Duration epochLength,
        Optional<Split> split) {

    public Night {
        if (subject.isBlank() || night.isBlank()) {
            throw new IllegalArgumentException("a night needs a subject and a name: " + recording);
        }
        if (epochLength.isZero() || epochLength.isNegative()) {
            throw new IllegalArgumentException("epoch length must be positive, was " + epochLength);
        }
    }

    /** A night in EDF, scored in epochs of 30 s. */
    public static Night edf(String subject, String night, Path recording, Optional<Path> hypnogram) {
        return new Night(
                subject, night, recording, hypnogram, Optional.empty(), Hypnogram.AASM_EPOCH, Optional.empty());
    }

    /** Opens the signals; the caller closes them. */
    public Recording open() throws IOException {
        return Recordings.open(recording, text.flatMap(TextFormat::signal));
    }

    /**
     * The stages, one for each whole epoch of the recording, laid on it by the starts that both files tell. Epochs
     * without a score are empty; where there is no hypnogram at all, all are.
     *
     * @param recording what {@link #open()} gave
     * @throws org.eegvlm.core.MalformedDataException if a stage label or code is unknown, or the hypnogram belongs to
     *     another recording: another patient's, or of another time, or longer though no file tells its start
     */
    public ScoredNight scored(Recording recording) throws IOException {
        return new HypnogramReader(this, recording).read();
    }

    /** The same with a scoring that was read already. */
    public ScoredNight scored(Recording recording, Scoring scoring) throws IOException {
        return new HypnogramReader(this, recording).lay(scoring);
    }

    /** The stages of {@link #scored}. */
    public Hypnogram hypnogram(Recording recording) throws IOException {
        return scored(recording).hypnogram();
    }
}
