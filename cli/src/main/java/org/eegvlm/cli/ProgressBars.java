package org.eegvlm.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.eegvlm.core.io.Printable;
import org.jspecify.annotations.Nullable;

/** One bar a task, with the time left and the task's note. */
final class ProgressBars implements ConsoleProgress {
    private static final int REDRAW_MILLIS = 200;

    private @Nullable ProgressBar bar;
    private String task = "";

    @Override
    public synchronized void at(String task, long done, long total, String note) {
        if (bar == null || !task.equals(this.task)) {
            close();
            this.task = task;
            bar = begin(task, done, total);
        }
        bar.stepTo(done);
        bar.setExtraMessage(Printable.line(note));
        if (done >= total) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private static ProgressBar begin(String task, long done, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .startsFrom(Math.max(0, done - 1), Duration.ZERO)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
    }
}
