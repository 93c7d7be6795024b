package org.eegvlm.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, for a command that wants to finish its line first: from then on {@link #requested()}, and the process ends when
 * the command has closed this, or has taken too long.
 */
final class Interruption implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;
    private static final AtomicReference<@Nullable Interruption> CURRENT = new AtomicReference<>();

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean requested;

    private Interruption() {}

    /** One command at a time is asked. */
    static Interruption watch() {
        var interruption = new Interruption();
        CURRENT.set(interruption);
        return interruption;
    }

    /** Called when a signal ends the process; without a command that watches it returns at once. */
    static void request() {
        var current = CURRENT.get();
        if (current != null) {
            current.requested = true;
            try {
                current.closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean requested() {
        return requested;
    }

    @Override
    public void close() {
        CURRENT.compareAndSet(this, null);
        closed.countDown();
    }
}
