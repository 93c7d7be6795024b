package org.eegvlm.eval;

import java.util.List;
import java.util.Locale;
import org.eegvlm.core.SleepStage;

/** How stages are shown: their order from the top of a hypnogram, and their colours' names in the style sheet. */
final class StageLook {

    /** As the AASM manual draws a hypnogram. */
    static final List<SleepStage> FROM_TOP =
            List.of(SleepStage.WAKE, SleepStage.REM, SleepStage.N1, SleepStage.N2, SleepStage.N3);

    private StageLook() {}

    static int row(SleepStage stage) {
        return FROM_TOP.indexOf(stage);
    }

    /** {@code W}, {@code N1}, …: short enough for an axis. */
    static String axisLabel(SleepStage stage) {
        return stage == SleepStage.WAKE ? "W" : stage.label();
    }

    /** The class of shapes in the stage's colour. */
    static String cssClass(SleepStage stage) {
        return "s-" + stage.label().toLowerCase(Locale.ROOT);
    }

    /** A small coloured label with the stage's name. */
    static String chip(SleepStage stage) {
        return "<span class=\"stage %s\">%s</span>".formatted(cssClass(stage), stage.label());
    }
}
