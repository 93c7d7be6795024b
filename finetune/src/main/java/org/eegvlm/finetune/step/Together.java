package org.eegvlm.finetune.step;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does several things at once: the first in the caller's thread, each other in a thread of its own. */
final class Together {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "fine-tuning");
        thread.setDaemon(true);
        return thread;
    });

    private Together() {}

    /**
     * Comes back when all have ended, be it well or not.
     *
     * @param unused what becomes of the others' results where one fails
     * @param cancel lets those end that wait for one that cannot begin, for want of a thread
     * @return their results, in their order
     * @throws IOException or another exception, as the first of them threw that was not merely cancelled
     */
    static <T> List<T> all(List<Callable<T>> tasks, Consumer<T> unused, Runnable cancel) throws IOException {
        return all(tasks, unused, cancel, THREADS);
    }

    static <T> List<T> all(List<Callable<T>> tasks, Consumer<T> unused, Runnable cancel, Executor threads)
            throws IOException {
        var begun = new ArrayList<FutureTask<T>>();
        Throwable failure = null;
        try {
            for (var task : tasks.subList(1, tasks.size())) {
                var future = new FutureTask<>(task);
                threads.execute(future);
                begun.add(future);
            }
            var first = new FutureTask<>(tasks.get(0));
            begun.add(0, first);
            first.run();
        } catch (RuntimeException | Error e) {
            failure = e;
            cancel.run();
        }
        var results = new ArrayList<T>();
        for (var future : begun) {
            try {
                results.add(patiently(future::get));
            } catch (ExecutionException e) {
                failure = worse(failure, e.getCause());
            }
        }
        if (failure != null) {
            results.forEach(unused);
            rethrow(failure);
        }
        return results;
    }

    /** Waits for something. */
    @FunctionalInterface
    interface Wait<T, E extends Exception> {
        T end() throws InterruptedException, E;
    }

    /** Tensors must not go while another thread computes with them: an interruption waits, and is not forgotten. */
    static <T, E extends Exception> T patiently(Wait<T, E> wait) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.end();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @Nullable Throwable worse(@Nullable Throwable known, @Nullable Throwable other) {
        return known == null || known instanceof CancellationException ? other : known;
    }

    private static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException problem) {
            throw problem;
        } else if (failure instanceof RuntimeException problem) {
            throw problem;
        } else if (failure instanceof Error problem) {
            throw problem;
        }
        throw new IllegalStateException(failure);
    }
}
