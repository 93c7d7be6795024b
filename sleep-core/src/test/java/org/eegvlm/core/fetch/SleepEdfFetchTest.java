package org.eegvlm.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.night.NightChoice;
import org.eegvlm.core.night.Nights;
import org.eegvlm.core.night.SleepEdf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SleepEdfFetchTest {

    private static final String SIGNALS = "sleep-cassette/SC4001E0-PSG.edf";
    private static final String HYPNOGRAM = "sleep-cassette/SC4001EC-Hypnogram.edf";
    private static final NightChoice FIRST = new NightChoice(Optional.empty(), List.of("SC4001"), 0);

    @TempDir
    Path folder;

    private CuttingServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new CuttingServer();
        server.put(SIGNALS, 100_000);
        server.put(HYPNOGRAM, 3_000);
        server.put("sleep-cassette/SC4002E0-PSG.edf", 500);
        server.put("sleep-cassette/SC4002EC-Hypnogram.edf", 500);
        server.put("sleep-telemetry/ST7011J0-PSG.edf", 500);
        server.put("sleep-telemetry/ST7011JP-Hypnogram.edf", 500);
        server.put("SC-subjects.xls", 500);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void bringsTheNightsThatAreWanted() throws IOException {
        var report = fetch(FIRST);

        assertThat(report.nights()).isEqualTo(1);
        assertThat(report.fetched()).isEqualTo(3);
        assertThat(folder.resolve("SC-subjects.xls")).exists();
        assertThat(folder.resolve(SIGNALS)).hasBinaryContent(server.content(SIGNALS));
        assertThat(folder.resolve(HYPNOGRAM)).hasBinaryContent(server.content(HYPNOGRAM));
        assertThat(folder.resolve("sleep-telemetry")).doesNotExist();
        assertThat(Nights.in(folder))
                .singleElement()
                .satisfies(night -> assertThat(night.hypnogram()).contains(folder.resolve(HYPNOGRAM)));
    }

    @Test
    void choosesByStudyAndNumber() throws IOException {
        assertThat(fetch(new NightChoice(Optional.of(SleepEdf.Study.ST), List.of(), 0))
                        .nights())
                .isEqualTo(1);
        assertThat(folder.resolve("sleep-telemetry/ST7011J0-PSG.edf")).exists();
        assertThat(fetch(new NightChoice(Optional.empty(), List.of(), 2)).nights())
                .isEqualTo(2);
        assertThat(folder.resolve("sleep-cassette/SC4002E0-PSG.edf")).exists();
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws IOException {
        server.cutAfter(30_000);

        fetch(FIRST);

        assertThat(folder.resolve(SIGNALS)).hasBinaryContent(server.content(SIGNALS));
        assertThat(server.requests(SIGNALS))
                .containsExactly("bytes=0-", "bytes=30000-", "bytes=60000-", "bytes=90000-");
    }

    @Test
    void goesOnWhereAnEarlierRunStopped() throws IOException {
        var begun = folder.resolve(SIGNALS + ".partial");
        Files.createDirectories(begun.getParent());
        Files.write(begun, Arrays.copyOf(server.content(SIGNALS), 70_000));

        fetch(FIRST);

        assertThat(folder.resolve(SIGNALS)).hasBinaryContent(server.content(SIGNALS));
        assertThat(server.requests(SIGNALS)).containsExactly("bytes=70000-");
        assertThat(begun).doesNotExist();
    }

    @Test
    void startsAnewWhereWhatWasBegunIsAnotherFile() throws IOException {
        var begun = folder.resolve(SIGNALS + ".partial");
        Files.createDirectories(begun.getParent());
        Files.write(begun, new byte[70_000]);

        fetch(FIRST);

        assertThat(folder.resolve(SIGNALS)).hasBinaryContent(server.content(SIGNALS));
        assertThat(server.requests(SIGNALS)).containsExactly("bytes=70000-", "bytes=0-");
    }

    @Test
    void takesTheWholeFileFromAServerWithoutRanges() throws IOException {
        server.knowNoRanges();
        var begun = folder.resolve(SIGNALS + ".partial");
        Files.createDirectories(begun.getParent());
        Files.write(begun, new byte[70_000]);

        fetch(FIRST);

        assertThat(folder.resolve(SIGNALS)).hasBinaryContent(server.content(SIGNALS));
    }

    @Test
    void keepsWhatIsThereAndRight() throws IOException {
        fetch(FIRST);
        var report = fetch(FIRST);

        assertThat(report.fetched()).isZero();
        assertThat(report.kept()).isEqualTo(3);
        assertThat(server.requests(SIGNALS)).hasSize(1);
    }

    @Test
    void replacesWhatIsThereAndWrong() throws IOException {
        Files.createDirectories(folder.resolve("sleep-cassette"));
        Files.writeString(folder.resolve(SIGNALS), "something else");

        assertThat(fetch(FIRST).fetched()).isEqualTo(3);
        assertThat(folder.resolve(SIGNALS)).hasBinaryContent(server.content(SIGNALS));
    }

    @Test
    void refusesAFileWithAnotherDigest() {
        server.spoil(SIGNALS);

        assertThatThrownBy(() -> fetch(FIRST))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("SC4001E0-PSG.edf: came twice with another SHA-256");
        assertThat(folder.resolve(SIGNALS)).doesNotExist();
        assertThat(folder.resolve(SIGNALS + ".partial")).doesNotExist();
    }

    @Test
    void givesUpWhenNothingComesAnyMore() {
        server.cutAfter(0);

        assertThatThrownBy(() -> fetch(FIRST)).isInstanceOf(IOException.class);
    }

    @Test
    void takesNoListWithoutEnd() {
        server.sums("x".repeat((16 << 20) + 1));

        assertThatThrownBy(() -> fetch(FIRST))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("sends more than 16777216 bytes for it");
    }

    @Test
    void refusesAnAddressWithoutAHost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FetchConfig(URI.create("http:nowhere"), folder, FIRST))
                .withMessage("no host in the web address: http:nowhere");
    }

    @Test
    void tellsThatTheListIsMissing() throws IOException {
        var elsewhere = new FetchConfig(server.address().resolve("/nowhere/"), folder, FIRST);
        assertThatThrownBy(() -> new SleepEdfFetch(elsewhere, Progress.SILENT).run())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("/nowhere/SHA256SUMS.txt is not there");
    }

    @Test
    void tellsANightThatWasLost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fetch(new NightChoice(Optional.empty(), List.of("SC4132"), 0)))
                .withMessage("SC4132 was lost to a failing cassette or laserdisk");
    }

    @Test
    void writesNowhereButIntoTheTwoFolders() throws IOException {
        server.put("../SC4771E0-PSG.edf", 10);
        server.put("other/SC4771E0-PSG.edf", 10);
        server.put("sleep-cassette/../../SC4771E0-PSG.edf", 10);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> fetch(new NightChoice(Optional.empty(), List.of("SC4771"), 0)))
                .withMessageContaining("none of the 3 nights is wanted");
    }

    @Test
    void refusesAListThatIsNone() {
        server.sums("<html>");
        assertThatThrownBy(() -> fetch(FIRST))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("SHA256SUMS.txt, line 1");
    }

    private SleepEdfFetch.Report fetch(NightChoice choice) throws IOException {
        URI source = server.address();
        var config = new FetchConfig(source, folder, choice, 3, Duration.ofSeconds(5), Duration.ofMillis(1));
        return new SleepEdfFetch(config, Progress.SILENT).run();
    }
}
