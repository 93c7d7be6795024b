package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.eegvlm.kernels.Tensors;

/**
 * What is trained, as each replica has it. Each tensor has an owner among the replicas: its gradients are summed up there,
 * there alone it is updated and has its moments (ZeRO's first stage; Rajbhandari et al. 2020, arXiv:1910.02054), and from
 * there its values go round.
 *
 * <p>Owners have about as many numbers each. Owns no tensor.
 */
final class ParameterCopies {

    private final List<List<NDArray>> replicas;
    private final int[] owners;

    /** @param replicas the same tensors, in one order, of each of them */
    ParameterCopies(List<List<NDArray>> replicas) {
        this.replicas = replicas.stream().map(List::copyOf).toList();
        var first = replicas.get(0);
        owners = new int[first.size()];
        double total = first.stream().mapToLong(NDArray::size).sum();
        double before = 0;
        for (int i = 0; i < owners.length; i++) {
            double middle = before + first.get(i).size() / 2.0;
            owners[i] = (int) (replicas.size() * middle / total);
            before += first.get(i).size();
        }
    }

    /** Each tensor as its owner has it. */
    List<NDArray> owned() {
        return IntStream.range(0, owners.length)
                .mapToObj(i -> replicas.get(owners[i]).get(i))
                .toList();
    }

    /**
     * The sums of all replicas' gradients, each beside its parameter; what is not returned is closed.
     *
     * @param gradients of each replica, all or, where it had nothing to do, none; taken over
     */
    List<NDArray> summed(List<List<NDArray>> gradients) {
        var sums = new ArrayList<NDArray>();
        try {
            for (int i = 0; i < owners.length; i++) {
                var own = gradients.get(owners[i]);
                sums.add(own.isEmpty() ? replicas.get(owners[i]).get(i).zerosLike() : own.get(i));
            }
            for (int r = 0; r < replicas.size(); r++) {
                int replica = r;
                if (!gradients.get(r).isEmpty()) {
                    var terms = chosen(gradients.get(r), i -> owners[i] != replica);
                    Tensors.addScaled(chosen(sums, i -> owners[i] != replica), terms, 1);
                    terms.forEach(NDArray::close);
                }
            }
            return sums;
        } catch (RuntimeException | Error e) {
            sums.forEach(NDArray::close);
            gradients.stream().flatMap(List::stream).forEach(NDArray::close);
            throw e;
        }
    }

    /** Gives every replica the values that the owners have. */
    void handRound() {
        for (int r = 0; r < replicas.size(); r++) {
            int replica = r;
            Tensors.copy(
                    chosen(owned(), i -> owners[i] != replica), chosen(replicas.get(r), i -> owners[i] != replica));
        }
    }

    private static List<NDArray> chosen(List<NDArray> tensors, IntPredicate which) {
        return IntStream.range(0, tensors.size())
                .filter(which)
                .mapToObj(tensors::get)
                .toList();
    }
}
