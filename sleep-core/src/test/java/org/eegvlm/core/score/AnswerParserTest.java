package org.eegvlm.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.eegvlm.core.SleepStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    The stage is Wake.                                        | WAKE
                    The stage is W                                            | WAKE
                    the sleep STAGE  IS n1                                    | N1
                    The stage is N2. Delta 41 %, theta 22 %; 3 spindles.      | N2
                    The stage is [N3].                                        | N3
                    The stage is **REM**, with saw-tooth waves                | REM
                    The stage is clearly R!                                   | REM
                    It looks like N2 at first. But no: the stage is N3.       | N3
                    The stage is N1. On second thought, the stage is N2.      | N2
                    The stage is N2. Stage N3 would need more slow waves.     | N2
                    The stage is N2, N2 for sure.                             | N2
                    """)
    void readsTheStageOfTheLastClause(String text, SleepStage stage) {
        assertThat(AnswerParser.parse(text)).isEqualTo(new ParsedAnswer.Staged(stage));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "N2",
                "The stage is",
                "The stage is unclear.",
                "The stage is N4.",
                "The stage is N2 or N3.",
                "The stage is not N2.",
                "The stage is non-REM.",
                "The stage is . N2",
                "The stage is N2. The stage is",
                "The upstage isN2",
            })
    void leavesOtherTextsUnreadable(String text) {
        assertThat(AnswerParser.parse(text)).isEqualTo(new ParsedAnswer.Unreadable(text));
    }

    @ParameterizedTest
    @CsvSource({"The stage is N2.,true", "The stage is N3.,false", "Who knows?,false"})
    void onlyTheTrueStageAgrees(String text, boolean agrees) {
        assertThat(AnswerParser.parse(text).agreesWith(SleepStage.N2)).isEqualTo(agrees);
    }
}
