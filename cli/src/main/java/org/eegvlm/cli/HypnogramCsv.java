package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eegvlm.core.night.EpochLabels;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.AnswerParser;
import org.eegvlm.core.score.ParsedAnswer;

/** What the model answered for each epoch of a night, as {@link EpochLabels}. */
final class HypnogramCsv {

    /** Where the answer named no stage. */
    static final String UNREADABLE = "?";

    private HypnogramCsv() {}

    static void write(Path file, List<Answer> answers, Duration epochLength) throws IOException {
        var labels = new EpochLabels(epochLength);
        answers.forEach(answer -> labels.add(answer.metadata().epoch(), label(answer)));
        labels.write(file);
    }

    static String label(Answer answer) {
        return AnswerParser.parse(answer.text()) instanceof ParsedAnswer.Staged staged
                ? staged.stage().label()
                : UNREADABLE;
    }
}
