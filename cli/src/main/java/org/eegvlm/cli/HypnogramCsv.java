package org.eegvlm.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.AnswerParser;
import org.eegvlm.core.score.ParsedAnswer;

/** A staged night as {@code onset,label,duration} in seconds, which EDFbrowser imports. */
final class HypnogramCsv {

    /** Where the answer named no stage. */
    static final String UNREADABLE = "?";

    private HypnogramCsv() {}

    static void write(Path file, List<Answer> answers, Duration epochLength) throws IOException {
        var text = new StringBuilder("onset,label,duration\n");
        for (var answer : answers) {
            var onset = epochLength.multipliedBy(answer.metadata().epoch());
            text.append(seconds(onset))
                    .append(',')
                    .append(label(answer))
                    .append(',')
                    .append(seconds(epochLength))
                    .append('\n');
        }
        Output.writeAtomically(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    static String label(Answer answer) {
        return AnswerParser.parse(answer.text()) instanceof ParsedAnswer.Staged staged
                ? staged.stage().label()
                : UNREADABLE;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1e3);
    }
}
