package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FindingsTest {

    @Test
    void tellTheFiguresInOneSentence() {
        var findings = new Findings(new BandPowers(41, 22, 9, 12, 16), 0.124, 3, 10);

        assertThat(findings.sentence())
                .isEqualTo("Delta 41 %, theta 22 %, alpha 9 %, sigma 12 %, beta 16 %; "
                        + "slow waves fill 12 % of the epoch; 3 spindles; amplitude 10 µV.");
    }

    @Test
    void countOneSpindleInTheSingular() {
        assertThat(new Findings(new BandPowers(1, 1, 1, 1, 1), 0, 1, 2).sentence())
                .contains("; 1 spindle;");
    }

    @Test
    void stayWithinTheNumbersOfTheVocabulary() {
        assertThat(new Findings(new BandPowers(1, 1, 1, 1, 1), 0, 0, 3000).sentence())
                .endsWith("amplitude over 100 µV.");
    }

    @Test
    void useNoWordBeyondTheVocabulary() {
        var words = new HashSet<String>();
        LongStream.range(0, 20)
                .mapToObj(seed -> Findings.of(Waves.background(seed, 10 + 6 * seed, 30, 100), 100)
                        .sentence())
                .flatMap(sentence -> Pattern.compile("[^\\p{L}]+").splitAsStream(sentence))
                .forEach(words::add);

        assertThat(Findings.VOCABULARY).containsAll(words);
    }

    @Test
    void differBetweenEpochsOfOneKind() {
        var sentences = LongStream.range(0, 50)
                .mapToObj(seed ->
                        Findings.of(Waves.background(seed, 25, 30, 100), 100).sentence())
                .toList();

        assertThat(new HashSet<>(sentences)).hasSize(50);
    }

    @Test
    void areTheSameForTheSameSamples() {
        var samples = Waves.background(1, 25, 20, 64);

        assertThat(List.of(Findings.of(samples, 64))).containsExactly(Findings.of(samples.clone(), 64));
    }
}
