package org.eegvlm.llama.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkersTest {

    private final Workers workers = new Workers(3);

    @Test
    void giveEachPieceToOneOfThemAndBeginAnewWhereTheyMeet() {
        var pieces = new AtomicInteger[2];
        pieces[0] = new AtomicInteger();
        pieces[1] = new AtomicInteger();

        workers.run(worker -> {
            for (var sum : pieces) {
                for (int piece = workers.ticket(); piece < 100; piece = workers.ticket()) {
                    sum.addAndGet(piece);
                }
                workers.meet();
            }
        });

        assertThat(pieces[0]).hasValue(99 * 100 / 2);
        assertThat(pieces[1]).hasValue(99 * 100 / 2);
    }

    @Test
    void workAgainAfterOneFailed() {
        assertThatThrownBy(() -> workers.run(worker -> {
                    if (worker == 1) {
                        throw new IllegalStateException("broken");
                    }
                    workers.meet();
                }))
                .hasMessage("a worker failed");

        var came = new AtomicInteger();
        workers.run(worker -> {
            workers.meet();
            came.incrementAndGet();
        });

        assertThat(came).hasValue(3);
    }
}
