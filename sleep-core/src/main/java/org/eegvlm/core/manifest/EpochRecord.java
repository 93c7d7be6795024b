package org.eegvlm.core.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.io.Inside;

/**
 * One row of the manifest {@code epochs.jsonl}: one epoch of one night, and its picture.
 *
 * @param id unique in the manifest; also the picture's file name and the sample's and the feature row's id
 * @param subject who slept; splits go by subject
 * @param night the recording, unique for the subject
 * @param epoch index in the night, from 0
 * @param onsetSeconds from the start of the recording
 * @param epochSeconds how long the epoch is
 * @param stage what the human scorer said, as {@link SleepStage#label()}; empty where nobody scored
 * @param image the picture, relative to the manifest's folder; where it would be if no pictures are written
 * @param sha256 of the picture file, written or not
 * @param renderSpec SHA-256 of the render spec
 * @param recording the signals, relative to the manifest's folder where it lies within, else absolute
 * @param text what a recording in plain text does not say itself; empty for EDF and BDF
 * @param channels the labels of the rendered channels
 * @param simulated whether a program made the signals
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EpochRecord(
        String id,
        String subject,
        String night,
        int epoch,
        double onsetSeconds,
        double epochSeconds,
        Optional<SleepStage> stage,
        Split split,
        String image,
        String sha256,
        String renderSpec,
        String recording,
        Optional<TextSignal> text,
        List<String> channels,
        boolean simulated) {

    public EpochRecord {
        channels = List.copyOf(channels);
    }

    /**
     * The picture's file, which is in the manifest's folder, if it was written.
     *
     * @throws MalformedDataException if its name leads out of this folder
     */
    public Path picture(Path manifest) throws IOException {
        try {
            return Inside.resolve(manifest.toAbsolutePath().resolveSibling(""), image);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(
                    manifest, "epoch " + id, "its picture: %s; render again".formatted(e.getMessage()));
        }
    }

    /** Whether the recording holds all of it, without a gap. */
    public boolean isWithin(Recording signals) {
        return onsetSeconds >= 0
                && epochSeconds > 0
                && signals.recordedBefore(onsetSeconds, epochSeconds).isPresent();
    }

    /** What to say where it is not. */
    public MalformedDataException notWithin(Recording signals, Path manifest) {
        return new MalformedDataException(
                manifest,
                "epoch " + id,
                "it is not within the recording %s, or there is a gap in it".formatted(signals.name()));
    }

    /** The same epoch under another render spec's name. */
    public EpochRecord withRenderSpec(String other) {
        return new EpochRecord(
                id,
                subject,
                night,
                epoch,
                onsetSeconds,
                epochSeconds,
                stage,
                split,
                image,
                sha256,
                other,
                recording,
                text,
                channels,
                simulated);
    }

    /** The same epoch in another split, as another data folder lists it. */
    EpochRecord in(Split otherSplit, String otherImage, String otherRecording) {
        return new EpochRecord(
                id,
                subject,
                night,
                epoch,
                onsetSeconds,
                epochSeconds,
                stage,
                otherSplit,
                otherImage,
                sha256,
                renderSpec,
                otherRecording,
                text,
                channels,
                simulated);
    }

    /** The same epoch for another purpose. */
    public EpochRecord withSplit(Split other) {
        return in(other, image, recording);
    }
}
