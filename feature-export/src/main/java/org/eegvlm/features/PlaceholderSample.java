package org.eegvlm.features;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.signal.Findings;

/**
 * One epoch as the pair {@code [Image1, Image2]}: Image1 is looked at, Image2 holds the place of the epoch's feature row.
 * Both name the same picture, since readers of LLaVA's format expect a file for each {@code <image>}.
 *
 * @param question what is asked about the epoch, without {@code <image>} tags
 */
public record PlaceholderSample(EpochRecord epoch, String question) {

    /** What is asked unless somebody asks for something else. */
    public static final String QUESTION = "Which sleep stage does this EEG epoch show, and why?";

    private static final String IMAGE_TAG = "<image>";

    public PlaceholderSample {
        if (question.isBlank() || question.contains(IMAGE_TAG)) {
            throw new IllegalArgumentException(
                    "a question needs words, and no %s tag: both are put in front of it".formatted(IMAGE_TAG));
        }
    }

    /**
     * The sample to learn from. Its answer is the human scorer's stage, and a reason that only the signal gives.
     *
     * @throws IllegalArgumentException if nobody scored the epoch
     */
    public InstructionSample taught(Findings findings) {
        var stage = epoch.stage().orElseThrow(() -> new IllegalArgumentException("nobody scored epoch " + epoch.id()));
        return new InstructionSample(
                epoch.id(),
                images(),
                List.of(
                        new Turn(Turn.HUMAN, IMAGE_TAG + "\n" + IMAGE_TAG + "\n" + question),
                        new Turn(Turn.GPT, "The stage is %s. %s".formatted(stage.label(), findings.sentence()))),
                Optional.of(epoch.subject()),
                epoch.simulated());
    }

    /** The question to be answered; the scorer's stage goes along for scoring only. */
    public Question asked() {
        return new Question(
                epoch.id(),
                images(),
                question,
                epoch.stage(),
                epoch.subject(),
                epoch.night(),
                epoch.epoch(),
                Optional.of(epoch.epochSeconds()),
                epoch.simulated());
    }

    private List<String> images() {
        var image = Path.of(epoch.image()).getFileName().toString();
        return List.of(image, image);
    }
}
