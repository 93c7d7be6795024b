package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;

/** Passes tensors from one thread to another, in their order. Owns those on the way. */
final class Handover implements AutoCloseable {

    /** Empty: nothing comes any more. */
    private final LinkedBlockingQueue<Optional<NDArray>> onTheWay = new LinkedBlockingQueue<>();

    /** From now on the tensor is the taker's. */
    void give(NDArray tensor) {
        NDScope.unregister(tensor);
        onTheWay.add(Optional.of(tensor));
    }

    /**
     * Waits for the next one, which then belongs to the innermost scope.
     *
     * @throws CancellationException if there will be none
     */
    NDArray take() {
        var tensor = Together.patiently(onTheWay::take);
        if (tensor.isEmpty()) {
            cancel();
            throw new CancellationException("a neighbour failed");
        }
        NDScope.register(tensor.get());
        return tensor.get();
    }

    /** Lets nobody wait any more. */
    void cancel() {
        onTheWay.add(Optional.empty());
    }

    @Override
    public void close() {
        onTheWay.forEach(tensor -> tensor.ifPresent(NDArray::close));
    }
}
