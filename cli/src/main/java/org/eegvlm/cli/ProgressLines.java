package org.eegvlm.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.eegvlm.core.io.Printable;

/** A line every ten seconds and one at the end of each task that took that long: enough for a log, too little to drown it. */
final class ProgressLines implements ConsoleProgress {
    private static final long BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private String task = "";
    private long started;
    private long startedAt;
    private long lastLine;

    ProgressLines(PrintWriter err) {
        this(err, System::nanoTime);
    }

    ProgressLines(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void at(String task, long done, long total, String note) {
        long now = nanoTime.getAsLong();
        if (!task.equals(this.task)) {
            this.task = task;
            started = now;
            startedAt = Math.max(0, done - 1); // a continued task begins where it stopped
            lastLine = now;
        }
        boolean longEnough = now - lastLine >= BETWEEN_LINES;
        boolean end = done >= total && now - started >= BETWEEN_LINES;
        if (longEnough || end) {
            lastLine = now;
            err.println("%s: %d of %d%s%s".formatted(task, done, total, left(done, total, now), suffix(note)));
        }
    }

    @Override
    public void close() {
        err.flush();
    }

    /** The time left if the rest goes as fast as what was done since this task was first seen. */
    private String left(long done, long total, long now) {
        long unit = (now - started) / Math.max(1, done - startedAt);
        var left = Duration.ofNanos(unit * Math.max(0, total - done));
        return left.isZero() ? "" : ", about %d:%02d min left".formatted(left.toMinutes(), left.toSecondsPart());
    }

    private static String suffix(String note) {
        return note.isEmpty() ? "" : ", " + Printable.line(note);
    }
}
