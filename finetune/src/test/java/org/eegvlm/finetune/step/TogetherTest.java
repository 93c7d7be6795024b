package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TogetherTest {

    @Test
    void endsTheOthersWhereOneFindsNoThread() {
        var gate = new CountDownLatch(1);
        var unused = new ArrayList<String>();
        Callable<String> never = () -> "never";
        Callable<String> waiting = () -> {
            gate.await();
            return "waited";
        };
        var starts = new ArrayList<Runnable>();
        Executor threads = task -> {
            starts.add(task);
            if (starts.size() > 1) {
                throw new OutOfMemoryError("no native thread");
            }
            new Thread(task).start();
        };

        assertThatThrownBy(() -> Together.all(List.of(never, waiting, never), unused::add, gate::countDown, threads))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("no native thread");

        assertThat(unused).containsExactly("waited");
    }

    @Test
    void doesNotForgetAnInterruption() {
        Thread.currentThread().interrupt();

        var taken = Together.patiently(() -> {
            Thread.sleep(1);
            return "taken";
        });

        assertThat(taken).isEqualTo("taken");
        assertThat(Thread.interrupted()).isTrue();
    }
}
