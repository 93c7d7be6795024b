package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.edf.Person;
import org.eegvlm.core.edf.Person.Sex;
import org.eegvlm.core.night.NightDetails.Drug;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectTableTest {

    @TempDir
    Path folder;

    @Test
    void readsTheCassetteStudyWhereOneIsFemale() throws IOException {
        var nights = SubjectTable.read(table("SC-subjects.xls"), SleepEdf.Study.SC);

        assertThat(nights).containsOnlyKeys("SC4001", "SC4002", "SC4362");
        assertThat(nights.get("SC4001"))
                .isEqualTo(new NightDetails(person(Sex.FEMALE, 33), LocalTime.of(0, 38), Optional.empty()));
        assertThat(nights.get("SC4362").person()).isEqualTo(person(Sex.MALE, 37));
    }

    @Test
    void readsTheTelemetryStudyWhereOneIsMaleAndTheNightsOfADrugVary() throws IOException {
        var nights = SubjectTable.read(table("ST-subjects.xls"), SleepEdf.Study.ST);

        assertThat(nights).containsOnlyKeys("ST7011", "ST7012", "ST7021", "ST7022");
        assertThat(nights.get("ST7011"))
                .isEqualTo(new NightDetails(person(Sex.MALE, 60), LocalTime.of(23, 1), Optional.of(Drug.PLACEBO)));
        assertThat(nights.get("ST7021"))
                .isEqualTo(new NightDetails(person(Sex.FEMALE, 35), LocalTime.of(0, 5), Optional.of(Drug.TEMAZEPAM)));
    }

    @Test
    void passesOverCellsThatAreOnlyColoured() throws IOException {
        assertThat(SubjectTable.read(table("coloured.xls"), SleepEdf.Study.SC)).containsOnlyKeys("SC4001");
    }

    @Test
    void refusesWhatIsNoSuchTable() throws IOException {
        var text = Files.writeString(folder.resolve("text.xls"), "subject,night,age\n");
        var whole = Files.readAllBytes(table("SC-subjects.xls"));
        var cut = Files.write(folder.resolve("cut.xls"), Arrays.copyOf(whole, whole.length / 2));
        var large = Files.write(folder.resolve("large.xls"), new byte[(1 << 20) + 1]);

        assertRefused(table("other.xls"), "row 1: has the columns [subject, age]");
        assertRefused(table("sex.xls"), "row 2: column 4 is no whole number from 1 to 2");
        assertRefused(table("text.xls"), "row 2: column 1 is no whole number from 0 to 99");
        assertRefused(table("ST-subjects.xls"), "row 1: has the columns [subject - age - sex");
        assertRefused(text, "is no Excel 97 workbook");
        assertRefused(cut, "is no Excel 97 workbook");
        assertRefused(large, "is larger than any table of subjects");
    }

    static Path table(String name) {
        return Path.of("src/test/resources/org/eegvlm/core/night/subjects", name);
    }

    private static Person person(Sex sex, int age) {
        return new Person(Optional.of(sex), Optional.of(age));
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> SubjectTable.read(file, SleepEdf.Study.SC))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll(file.toString(), message);
    }
}
