package org.eegvlm.llama.vector;

import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work on one task together, in steps of microseconds: between these they meet, and who waits spins for a
 * while before it sleeps, so that neither a meeting nor an idle program costs much. Whoever gives a task is one of them.
 */
public final class Workers {

    private static final String VECTORS = "jdk.incubator.vector";

    /** About a tenth of a millisecond; waking a thread takes half of it. */
    private static final int SPINS = 2000;

    private static final long NAP_NANOS = 20_000;

    /** What each of them does. */
    @FunctionalInterface
    public interface Task {
        void run(int worker);
    }

    private final int count;
    private final Thread[] helpers;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger tickets = new AtomicInteger();
    private Task task = worker -> {};
    private volatile int tasks;
    private volatile int meetings;
    private volatile @Nullable Throwable failure;

    /** @param count with the thread that gives a task */
    public Workers(int count) {
        this.count = count;
        helpers = IntStream.range(1, count).mapToObj(this::helper).toArray(Thread[]::new);
    }

    /** Whether this JVM lets Java compute with vectors, and this processor stores numbers as the arithmetic expects. */
    public static boolean canCompute() {
        return ModuleLayer.boot().findModule(VECTORS).isPresent() && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    public int count() {
        return count;
    }

    /**
     * Does a task; returns when all have done it. One task at a time: who comes later waits for its turn.
     *
     * @throws IllegalStateException if one of them failed
     */
    public void run(Task given) {
        turn.lock();
        try {
            task = given;
            failure = null;
            arrived.set(0);
            finished.set(0);
            tickets.set(0);
            tasks++; // under the lock
            for (var helper : helpers) {
                LockSupport.unpark(helper);
            }
            perform(0);
            for (int spins = 0; finished.get() < count; spins++) {
                rest(spins);
            }
            var thrown = failure;
            if (thrown != null) {
                throw new IllegalStateException("a worker failed", thrown);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Waits until all have come here; what each wrote before, all see afterwards. Tickets begin anew. */
    public void meet() {
        int meeting = meetings;
        if (arrived.incrementAndGet() == count) {
            arrived.set(0);
            tickets.set(0);
            meetings = meeting + 1;
            return;
        }
        for (int spins = 0; meetings == meeting; spins++) {
            if (failure != null) {
                throw new IllegalStateException("another worker failed");
            }
            rest(spins);
        }
    }

    /** The next piece of work since the last meeting, from 0 on: no two get the same. */
    public int ticket() {
        return tickets.getAndIncrement();
    }

    private Thread helper(int worker) {
        var thread = new Thread(() -> serve(worker), "decoding-" + worker);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void serve(int worker) {
        int seen = 0;
        while (true) {
            for (int spins = 0; tasks == seen; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            seen++;
            perform(worker);
        }
    }

    private void perform(int worker) {
        try {
            task.run(worker);
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e;
            }
        } finally {
            finished.incrementAndGet();
        }
    }

    private static void rest(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(NAP_NANOS);
        }
    }
}
