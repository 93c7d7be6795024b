package org.eegvlm.cli;

import java.util.List;
import java.util.Optional;
import org.eegvlm.core.night.NightChoice;
import org.eegvlm.core.night.SleepEdf;
import picocli.CommandLine.Option;

/** Which of many nights are wanted. */
final class NightFlags {

    @Option(
            names = "--file-type",
            paramLabel = "SC|ST",
            description = "Only Sleep-EDF's cassette nights (sc) or telemetry nights (st) (both).")
    private Optional<SleepEdf.Study> fileType = Optional.empty();

    @Option(
            names = "--pattern",
            split = ",",
            paramLabel = "NAME",
            description = "Only nights of these names; * stands for any letters, ? for one (all).")
    private List<String> patterns = List.of();

    @Option(
            names = "--max-files",
            paramLabel = "N",
            defaultValue = "0",
            description = "At most so many nights; 0: all.")
    private int most;

    NightChoice choice() {
        return new NightChoice(fileType, patterns, most);
    }
}
