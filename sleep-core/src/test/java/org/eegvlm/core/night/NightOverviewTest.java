package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.TestData;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.eegvlm.core.edf.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightOverviewTest {

    private static final EdfSignal EEG = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 1);

    @TempDir
    Path folder;

    @Test
    void tellsWhoseTheNightsAreAndWhichAreLost() throws IOException {
        record("SC4001E0-PSG.edf", "X F X Female_33yr");
        record("SC4362F0-PSG.edf", "X M 02-AUG-1951 X");

        var overview = NightOverview.of(Nights.in(folder));

        assertThat(overview.nights()).extracting(NightOverview.Entry::subject).containsExactly("SC400", "SC436");
        assertThat(overview.nights())
                .extracting(NightOverview.Entry::ageYears)
                .containsExactly(Optional.of(33), Optional.of(37));
        assertThat(overview.notes()).containsExactly("SC4361 was lost to a failing cassette or laserdisk");
        assertThat(overview.table().lines().skip(1).findFirst().orElseThrow())
                .startsWith("SC400      SC4001     female   33                         0.0  SC4001E0-PSG.edf");
    }

    @Test
    void takesWhatTheTablesOfSubjectsTell() throws IOException {
        Files.copy(SubjectTableTest.table("SC-subjects.xls"), folder.resolve("SC-subjects.xls"));
        Files.copy(SubjectTableTest.table("ST-subjects.xls"), folder.resolve("ST-subjects.xls"));
        Files.createDirectories(folder.resolve("sleep-cassette"));
        Files.createDirectories(folder.resolve("sleep-telemetry"));
        record("sleep-cassette/SC4001E0-PSG.edf", "X X X X");
        record("sleep-cassette/SC4362F0-PSG.edf", "X F X Female_33yr");
        record("sleep-telemetry/ST7012J0-PSG.edf", "X X X X");

        var overview = NightOverview.of(Nights.in(folder));

        assertThat(overview.table().lines().skip(1))
                .anyMatch(line -> line.startsWith("SC400      SC4001     female   33 00:38                   0.0  SC4"))
                .anyMatch(
                        line -> line.startsWith("ST701      ST7012     male     60 23:48      temazepam    0.0  ST7"));
        assertThat(overview.notes())
                .containsExactly(
                        "SC4362: its header tells of another sex or age than the table of subjects; the header's are"
                                + " shown",
                        "SC4361 was lost to a failing cassette or laserdisk");
    }

    @Test
    void knowsNobodyWhereTheHeaderDoesNotTell() throws IOException {
        record("night.edf", "somebody");

        assertThat(NightOverview.of(Nights.in(folder)).nights())
                .extracting(NightOverview.Entry::sex, NightOverview.Entry::ageYears)
                .containsExactly(tuple(Optional.empty(), Optional.empty()));
    }

    @Test
    void readsSleepEdf() throws IOException {
        var night = Nights.of(TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf"));

        assertThat(NightOverview.of(List.of(night)).nights().get(0).sex()).contains(Person.Sex.FEMALE);
    }

    private void record(String name, String patient) throws IOException {
        var start = LocalDateTime.of(1989, 4, 24, 16, 13);
        var header = EdfHeader.plain(patient, "Startdate 24-APR-1989 X X X", start, 30, List.of(EEG));
        try (var writer = EdfWriter.create(folder.resolve(name), header, 1)) {
            writer.append(new double[][] {{0}});
        }
    }
}
