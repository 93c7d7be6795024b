package org.eegvlm.finetune;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
     * @return their results, in their order
     * @throws IOException or another exception, as the first of them threw that was not merely cancelled
     */
    static <T> List<T> all(List<Callable<T>> tasks, Consumer<T> unused) throws IOException {
        var futures = tasks.stream().map(FutureTask::new).toList();
        futures.subList(1, futures.size()).forEach(THREADS::execute);
        futures.get(0).run();
        var results = new ArrayList<T>();
        Throwable failure = null;
        for (var future : futures) {
            try {
                results.add(patiently(future));
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

    /** Tensors must not go while another thread computes with them: an interruption waits. */
    private static <T> T patiently(Future<T> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
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
