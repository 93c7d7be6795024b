package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.ScoredStage.MOVEMENT;
import static org.eegvlm.core.ScoredStage.N1;
import static org.eegvlm.core.ScoredStage.N2;
import static org.eegvlm.core.ScoredStage.N3;
import static org.eegvlm.core.ScoredStage.N4;
import static org.eegvlm.core.ScoredStage.REM;
import static org.eegvlm.core.ScoredStage.UNSCORED;
import static org.eegvlm.core.ScoredStage.WAKE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.ScoredStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringsTest {

    private static final Duration EPOCH = Hypnogram.AASM_EPOCH;

    @TempDir
    Path folder;

    @Test
    void readsWordsLineByLine() throws IOException {
        assertThat(epochs("a.txt", "W\nN1\nn2\nS4\nREM\nMT\n?\nSleep stage 3\n", Optional.empty()))
                .containsExactly(WAKE, N1, N2, N4, REM, MOVEMENT, UNSCORED, N3);
    }

    @Test
    void readsCodesOfEachKind() throws IOException {
        assertThat(epochs("a.txt", "0\n1\n3\n4\n-2\n", Optional.of(StageCodes.AASM)))
                .containsExactly(WAKE, N1, N3, REM, UNSCORED);
        assertThat(epochs("a.txt", "0\n1\n4\n5\n6\n9\n", Optional.of(StageCodes.EDF)))
                .containsExactly(WAKE, N1, N4, REM, MOVEMENT, UNSCORED);
        assertThat(epochs("a.txt", "[Hypnogram]\n5\n4\n0\n-1\n-3\n", Optional.of(StageCodes.DREAMS)))
                .containsExactly(WAKE, REM, N4, MOVEMENT, UNSCORED);
    }

    @Test
    void guessesNoCodes() throws IOException {
        var file = Files.writeString(folder.resolve("a.txt"), "W\n1\n");
        assertThatThrownBy(() -> Scorings.read(file, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith(
                        "line 2: '1' can mean several stages; tell which codes they are: dreams, edf or aasm");
    }

    @Test
    void refusesHalfACode() throws IOException {
        var file = Files.writeString(folder.resolve("a.txt"), "1.5\n");
        assertThatThrownBy(() -> Scorings.read(file, Optional.of(StageCodes.EDF), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("line 1: '1.5' is no stage code");
    }

    @Test
    void readsATableByItsHeading() throws IOException {
        assertThat(epochs("a.csv", "onset,label,duration\n0,Wake,60\n60,N2,30\n", Optional.empty()))
                .containsExactly(WAKE, WAKE, N2);
        assertThat(epochs("a.tsv", "duration\tonset\tdescription\n30\t30\t\"Sleep stage R\"\n", Optional.empty()))
                .containsExactly(UNSCORED, REM);
        assertThat(epochs("a.csv", "Onset;Stage\n0;N1\n30;W\n", Optional.empty()))
                .containsExactly(N1, WAKE);
    }

    @Test
    void tellsTheLineOfATableThatIsBroken() throws IOException {
        var file = Files.writeString(folder.resolve("a.csv"), "onset,label,duration\n0,Wake,30\n30\n");
        assertThatThrownBy(() -> Scorings.read(file, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("line 3: has fewer columns than the heading");
    }

    @Test
    void readsProfusion() throws IOException {
        var xml = """
                <?xml version="1.0" encoding="UTF-8"?>
                <CMPStudyConfig><EpochLength>30</EpochLength>
                <ScoredEvents><ScoredEvent><Name>Hypopnea</Name><Start>1</Start><Duration>9</Duration></ScoredEvent>
                </ScoredEvents>
                <SleepStages><SleepStage>0</SleepStage><SleepStage>2</SleepStage><SleepStage>4</SleepStage>
                <SleepStage>5</SleepStage><SleepStage>9</SleepStage></SleepStages></CMPStudyConfig>""";
        assertThat(epochs("a.xml", xml, Optional.empty())).containsExactly(WAKE, N2, N4, REM, UNSCORED);
    }

    @Test
    void readsTheNsrr() throws IOException {
        var xml = """
                <PSGAnnotation><EpochLength>30</EpochLength><ScoredEvents>
                <ScoredEvent><EventType/><EventConcept>Recording Start Time</EventConcept><Start>0</Start>
                <Duration>90.0</Duration></ScoredEvent>
                <ScoredEvent><EventType>Respiratory|Respiratory</EventType><EventConcept>SpO2 desaturation|4</EventConcept>
                <Start>3.1</Start><Duration>20.1</Duration></ScoredEvent>
                <ScoredEvent><EventType>Stages|Stages</EventType><EventConcept>Wake|0</EventConcept><Start>0.0</Start>
                <Duration>60.0</Duration></ScoredEvent>
                <ScoredEvent><EventType>Stages|Stages</EventType><EventConcept>Stage 3 sleep|3</EventConcept>
                <Start>60.0</Start><Duration>30.0</Duration></ScoredEvent></ScoredEvents></PSGAnnotation>""";
        assertThat(epochs("a.xml", xml, Optional.empty())).containsExactly(WAKE, WAKE, N3);
    }

    @Test
    void tellsTheEpochLengthOfXml() throws IOException {
        var file = Files.writeString(
                folder.resolve("a.xml"),
                "<C><EpochLength>20</EpochLength><SleepStages><SleepStage>1</SleepStage></SleepStages></C>");
        assertThat(Scorings.read(file, Optional.empty(), EPOCH).epochLength()).contains(Duration.ofSeconds(20));
    }

    @Test
    void refusesXmlThatDoesNotMeanWhatItSays() throws IOException {
        var half = Files.writeString(folder.resolve("half.xml"), "<C><SleepStage>2.7</SleepStage></C>");
        assertThatThrownBy(() -> Scorings.read(half, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("line 1: '2.7' is no stage code");
        var late = Files.writeString(
                folder.resolve("late.xml"), "<C><SleepStage>2</SleepStage>\n<EpochLength>20</EpochLength></C>");
        assertThatThrownBy(() -> Scorings.read(late, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("line 2: the epoch's length stands after the stages it is for");
    }

    @Test
    void refusesADocumentTypeAndWhatItCouldFetch() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "5");
        var file = Files.writeString(folder.resolve("a.xml"), """
                <!DOCTYPE c [<!ENTITY e SYSTEM "%s">]>
                <C><SleepStages><SleepStage>&e;</SleepStage></SleepStages></C>""".formatted(secret.toUri()));
        assertThatThrownBy(() -> Scorings.read(file, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("a document type or an entity");
    }

    @Test
    void refusesXmlThatIsBroken() throws IOException {
        var file = Files.writeString(folder.resolve("a.xml"), "<C>\n<SleepStage>1</C>");
        assertThatThrownBy(() -> Scorings.read(file, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("line 2: is no well-formed XML");
    }

    @Test
    void tellsTheKindOfAFileWithoutEndingByItsStart() throws IOException {
        assertThat(epochs("scoring", "<C><SleepStage>1</SleepStage></C>", Optional.empty()))
                .containsExactly(N1);
        assertThat(epochs("scoring2", "N1\nN2\n", Optional.empty())).containsExactly(N1, N2);
    }

    @Test
    void refusesAnEmptyScoring() throws IOException {
        var file = Files.writeString(folder.resolve("a.txt"), "\n");
        assertThatThrownBy(() -> Scorings.read(file, Optional.empty(), EPOCH))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("holds no sleep stage");
    }

    private List<ScoredStage> epochs(String name, String content, Optional<StageCodes> codes) throws IOException {
        var file = Files.writeString(folder.resolve(name), content);
        return Scorings.hypnogram(file, Scorings.read(file, codes, EPOCH), EPOCH)
                .epochs();
    }
}
