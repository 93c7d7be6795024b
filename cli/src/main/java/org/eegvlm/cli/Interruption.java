package org.eegvlm.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C or SIGTERM, for a command that wants to finish something first: from then on {@link #requested()}, and the
 * process ends when the command has closed this, or has taken too long.
 */
final class Interruption implements AutoCloseable {
    private static final AtomicReference<@Nullable Interruption> CURRENT = new AtomicReference<>();

    private final Duration patience;
    private final Runnable notice;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile int exitCode = ExitCode.INTERRUPTED;

    private Interruption(Duration patience, Runnable notice) {
        this.patience = patience;
        this.notice = notice;
    }

    /** For the end of a line; one command at a time is asked. */
    static Interruption watch() {
        return watch(Duration.ofSeconds(5), () -> {});
    }

    /** @param notice tells people, when the signal comes, what they wait for */
    static Interruption watch(Duration patience, Runnable notice) {
        var interruption = new Interruption(patience, notice);
        CURRENT.set(interruption);
        return interruption;
    }

    /**
     * Called when a signal ends the process; without a command that watches it returns at once.
     *
     * @return how the process ends
     */
    static int request() {
        var current = CURRENT.get();
        if (current == null) {
            return ExitCode.INTERRUPTED;
        }
        current.requested = true;
        current.notice.run();
        try {
            current.closed.await(current.patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return current.exitCode;
    }

    boolean requested() {
        return requested;
    }

    /** All that was begun is safe: the process may end as if it had come to its end. */
    void settled() {
        exitCode = ExitCode.GOOD;
    }

    @Override
    public void close() {
        CURRENT.compareAndSet(this, null);
        closed.countDown();
    }
}
