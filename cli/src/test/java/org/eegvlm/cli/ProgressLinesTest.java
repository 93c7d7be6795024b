package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private final AtomicLong clock = new AtomicLong();
    private final StringWriter text = new StringWriter();
    private final ProgressLines progress = new ProgressLines(new PrintWriter(text, true), clock::get);

    @Test
    void saysNothingAboutAQuickTask() {
        progress.at("rendering", 1, 2, "");
        progress.at("rendering", 2, 2, "");

        assertThat(text.toString()).isEmpty();
    }

    @Test
    void tellsTheTimeLeftOfALongTask() {
        progress.at("rendering", 0, 100, "");
        clock.addAndGet(TimeUnit.SECONDS.toNanos(20));
        progress.at("rendering", 10, 100, "loss 0.71");

        assertThat(text.toString()).isEqualToIgnoringNewLines("rendering: 10 of 100, about 3:00 min left, loss 0.71");
    }

    @Test
    void countsOnlyWhatWasDoneHereWhenItContinuesATask() {
        progress.at("rendering", 51, 100, "");
        clock.addAndGet(TimeUnit.SECONDS.toNanos(20));
        progress.at("rendering", 60, 100, "");

        assertThat(text.toString()).contains("about 1:20 min left");
    }

    @Test
    void tellsTheEndOfALongTask() {
        progress.at("rendering", 0, 100, "");
        clock.addAndGet(TimeUnit.SECONDS.toNanos(20));
        progress.at("rendering", 100, 100, "");

        assertThat(text.toString()).isEqualToIgnoringNewLines("rendering: 100 of 100");
    }
}
